"""The published faults, run against real processes and a real database.

``make chaos`` runs them all, ``python -m chaos NAME…`` some. docs/reliability.md says
what each does, what people see, and how soon all is well again.
"""
