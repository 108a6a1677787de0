"""The HTTP surface: Slack's deliveries, incident.io's webhooks, health and metrics."""
