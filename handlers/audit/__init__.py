"""The audit: listed, and posted in a channel."""
