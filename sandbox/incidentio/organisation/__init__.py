"""How incidents are configured, and who works in the organisation."""
