"""Schedules: lists, cards, previews and forms."""
