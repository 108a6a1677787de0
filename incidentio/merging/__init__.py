"""From what was read and what is to change to what is sent: pure."""
