"""Declarations of commands, and everything that all nouns share."""
