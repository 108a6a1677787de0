"""The state of the organisation."""
