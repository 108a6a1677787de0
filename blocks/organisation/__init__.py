"""People, incident roles and custom fields: lists, cards and forms."""
