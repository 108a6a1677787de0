"""Messages that the bot sends unprompted, each exactly once."""
