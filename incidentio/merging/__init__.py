"""Makes bodies of PUT requests from the JSON that was read and the changes: pure."""
