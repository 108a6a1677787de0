"""Settings, clients, wiring and processes: what ``app.py`` starts."""
