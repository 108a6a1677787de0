"""Shifts, handovers and gaps of schedules."""
