"""What the bot says unprompted: when, what, and that it is said exactly once."""
