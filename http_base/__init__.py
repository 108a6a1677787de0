"""The HTTP base of both clients: pooled connections, time limits, ``Retry-After``."""
