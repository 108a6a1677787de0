"""The database: what incident.io cannot hold (journal, rules, slots, snoozes)."""
