"""Actions and follow-ups, and ``mine``."""
