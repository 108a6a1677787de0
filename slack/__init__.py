"""Slack's Web API over pooled connections, and what the bot caches of Slack."""
