"""The organisation's data, served from memory and renewed in the background."""
