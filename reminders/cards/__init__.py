"""Keeps the cards of escalations up to date."""
