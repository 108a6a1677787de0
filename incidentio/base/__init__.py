"""The bases of models and of resources."""
