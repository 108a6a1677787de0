"""What a PUT sends: everything as it was read, but for what was asked to change."""
