"""How commands are declared, and what all nouns share."""
