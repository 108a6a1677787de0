"""Plans, claims, composes, delivers and records messages."""
