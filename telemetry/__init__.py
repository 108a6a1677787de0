"""The program's log, its Prometheus metrics, traces and errors."""
