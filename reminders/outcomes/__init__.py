"""Later messages about the outcome of writes, where Slack failed at first."""
