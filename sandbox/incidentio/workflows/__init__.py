"""Workflows: their validation, their labels and their operations."""
