"""Sends operations in time and within limits, and again where that is safe."""
