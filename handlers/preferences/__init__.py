"""A person's preferences about their own messages."""
