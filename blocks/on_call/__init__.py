"""Overrides, handovers, gaps and notices of shifts."""
