"""Turns typed words into the arguments of commands."""
