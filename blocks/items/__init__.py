"""Actions and follow-ups: cards and forms."""
