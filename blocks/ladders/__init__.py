"""Ladders: messages, forms and lists."""
