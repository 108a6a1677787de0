"""What is known of the organisation, served from memory and renewed behind."""
