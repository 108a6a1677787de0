"""Questions about incidents in progress: updates and what is missing."""
