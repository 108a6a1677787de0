"""What both clients build on: pooled connections, time limits, ``Retry-After``."""
