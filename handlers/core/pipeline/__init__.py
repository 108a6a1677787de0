"""Runs interactions: acknowledges, enters in the journal, executes, answers."""
