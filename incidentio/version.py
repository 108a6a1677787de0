"""The version that requests name."""

__version__ = "0.1.0"
