"""Requests and answers: keys, payloads, queries, errors, limits, faults."""
