"""Compares recorded answers of the real services with those of the stand-ins."""
