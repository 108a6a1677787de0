"""Block Kit: which blocks Slack accepts, and what they contain."""
