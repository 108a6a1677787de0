"""Values that were read from a service, remembered for a while."""
