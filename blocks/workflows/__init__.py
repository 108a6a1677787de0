"""Workflows: cards, words and forms."""
