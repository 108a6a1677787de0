"""The program's log and its Prometheus metrics."""
