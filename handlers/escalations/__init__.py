"""Paging people: page, acknowledge, snooze, cancel, reassign."""
