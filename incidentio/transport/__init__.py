"""Sends operations: in time, within limits, again where that is safe."""
