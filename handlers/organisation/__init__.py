"""People, incident roles, custom fields and their options."""
