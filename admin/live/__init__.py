"""Tries each promise of the bot on the real workspace and organisation."""
