"""Digests of follow-ups for channels and owners, and the weekly summary."""
