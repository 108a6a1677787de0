"""Times of schedules, working days and quiet hours. Pure."""
