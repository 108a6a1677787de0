"""Actions and follow-ups, and the policies that ask for them."""
