"""Slack's Web API over pooled connections, and caches of what Slack knows."""
