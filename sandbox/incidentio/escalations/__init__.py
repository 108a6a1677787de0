"""Escalations, and how people answer them."""
