"""Pure arithmetic over schedules and their shifts."""
