"""One working day of 500 people, played faster than it was, while faults happen."""
