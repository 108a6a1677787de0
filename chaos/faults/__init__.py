"""The faults, in the order in which they are run: those that take longest first."""

from chaos.fault import FAULTS
from chaos.faults import (
    clocks,
    databases,
    deliveries,
    incidentio,
    network,
    processes,
    slack,
)

__all__ = [
    "FAULTS",
    "clocks",
    "databases",
    "deliveries",
    "incidentio",
    "network",
    "processes",
    "slack",
]
