"""What one can do with each resource, methods named as the API names operations."""
