"""The faults; importing their modules registers them, in the order they are run in."""

from chaos.fault import FAULTS
from chaos.faults import (
    clocks,
    databases,
    incidentio,
    network,
    processes,
    slack,
)

__all__ = [
    "FAULTS",
    "clocks",
    "databases",
    "incidentio",
    "network",
    "processes",
    "slack",
]
