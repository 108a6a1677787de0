"""Data to Block Kit, and forms back to data. Pure: no requests, no clock."""
