"""What was read of a service, remembered for a while."""
