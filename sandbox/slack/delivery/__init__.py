"""Sending commands, interactions and events to the app."""
