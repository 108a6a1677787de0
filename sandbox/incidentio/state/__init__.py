"""What the organisation remembers."""
