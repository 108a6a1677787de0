"""The bare command."""
