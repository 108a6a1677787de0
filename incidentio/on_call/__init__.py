"""Who is on call when: pure arithmetic over schedules and their shifts."""
