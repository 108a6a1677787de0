"""Actions and follow-ups: targets, due dates, filters and lines."""
