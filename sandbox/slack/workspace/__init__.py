"""The workspace: people, channels, messages and views."""
