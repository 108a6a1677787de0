"""Holds recorded answers of the real services against those of the stand-ins."""
