"""Who can be told something: preferences, absence, do not disturb."""
