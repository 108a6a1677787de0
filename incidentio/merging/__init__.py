"""Builds the bodies of PUT requests from the JSON read and the changes. Pure."""
