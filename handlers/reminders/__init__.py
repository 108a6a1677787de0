"""A channel's reminders and its weekly summary."""
