"""The people who use the workspace: their screens and their actions."""
