"""The ladders of channels and of the organisation."""
