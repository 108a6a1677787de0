"""How a request is read, allowed, refused and recorded."""
