"""The people who use the workspace, and what they see and do there."""
