"""Spans that were traced, for tests."""


def under(root, spans):
    """Return the spans of one trace."""
    return [s for s in spans if s.context.trace_id == root.context.trace_id]
