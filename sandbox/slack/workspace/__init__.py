"""What the workspace remembers: people, channels, messages and views."""
