"""What came of people's writes, where it could not be said at once."""
