"""Actions, follow-ups, and the findings of policies on them."""
