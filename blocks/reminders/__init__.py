"""Reminders and digests: messages, forms and lists."""
