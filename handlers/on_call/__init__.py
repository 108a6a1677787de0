"""People on call, overrides and handovers."""
