"""What incident.io cannot hold: the journal, reminders, snoozes."""
