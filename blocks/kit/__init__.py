"""Blocks, fields, forms and words that all nouns share."""
