"""The HTTP surface: Slack's deliveries, incident.io's webhooks, health, figures."""
