"""How an interaction is run: acknowledged, journaled, executed, answered."""
