"""The configuration of incidents, and the organisation's users and teams."""
