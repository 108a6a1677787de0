"""What models and resources have in common."""
