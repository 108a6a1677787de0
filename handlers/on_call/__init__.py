"""Who is on call, overrides and handovers."""
