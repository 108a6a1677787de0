"""Workflows: list, show, edit, enable, disable, delete."""
