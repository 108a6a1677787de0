"""The organisation's data, served from memory and renewed behind."""
