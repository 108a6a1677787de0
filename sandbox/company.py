"""The company in both stand-ins: its people and its channels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Employee:
    """A person of the company, in Slack and in incident.io."""

    handle: str
    name: str
    slack_id: str
    timezone: str
    incidentio_id: str | None
    """None: there is no account in incident.io."""
    role: str = "responder"
    active: bool = True

    @property
    def email(self) -> str:
        return f"{self.handle}@acme.example"


PEOPLE = (
    Employee(
        "ana",
        "Ana Ferreira",
        "U0ANA",
        "Europe/Lisbon",
        "01HUSER00000000000000ANA00",
        "owner",
    ),
    Employee(
        "ben",
        "Ben Okafor",
        "U0BEN",
        "Europe/London",
        "01HUSER00000000000000BEN00",
        "administrator",
    ),
    Employee(
        "chi", "Chi Nguyen", "U0CHI", "Asia/Ho_Chi_Minh", "01HUSER00000000000000CHI00"
    ),
    Employee(
        "dov", "Dov Levi", "U0DOV", "Asia/Jerusalem", "01HUSER00000000000000DOV00"
    ),
    Employee(
        "eve", "Eve Martin", "U0EVE", "Europe/Paris", "01HUSER00000000000000EVE00"
    ),
    Employee(
        "fay", "Fay O'Neill", "U0FAY", "Europe/Dublin", "01HUSER00000000000000FAY00"
    ),
    Employee(
        "gus",
        "Gus Lindqvist",
        "U0GUS",
        "Europe/Stockholm",
        "01HUSER00000000000000GVS00",
    ),
    Employee("hana", "Hana Sato", "U0HANA", "Asia/Tokyo", "01HUSER0000000000000HANA00"),
    Employee(
        "ivo", "Ivo Petrov", "U0IVO", "Europe/Sofia", "01HUSER00000000000000JV000"
    ),
    Employee(
        "jo", "Jo Smith", "U0JO", "America/New_York", "01HUSER000000000000000J000"
    ),
    Employee(
        "kim",
        "Kim Park",
        "U0KIM",
        "America/Los_Angeles",
        "01HUSER00000000000000K1M00",
        "viewer",
    ),
    Employee(
        "lee",
        "Lee Brown",
        "U0LEE",
        "Australia/Sydney",
        "01HUSER00000000000000XEE00",
        active=False,
    ),
    Employee("max", "Max Contractor", "U0MAX", "UTC", None),
)
"""Twelve with incident.io accounts (one of them deactivated), and one without."""

INCIDENTIO_APP = "U0INCIDENTIO"
"""incident.io's own app in Slack, which writes in the incidents' channels."""


@dataclass(frozen=True, slots=True)
class Channel:
    slack_id: str
    name: str
    private: bool = False
    members: tuple[str, ...] = ()
    """Slack ids; empty means everybody."""
    has_bot: bool = True


CHANNELS = (
    Channel("C0GENERAL", "general"),
    Channel("C0INCIDENTS", "incidents"),
    Channel("C0PLATFORM", "team-platform"),
    Channel("C0PAYMENTS", "team-payments"),
    Channel("C0NOBOT", "random", has_bot=False),
)
"""Besides these, every live incident has a channel: see ``incident_channel``."""


def incident_channel(number: int) -> str:
    """Return the channel id of ``INC-<number>``; its name starts ``inc-<number>-``."""
    return f"C0INC{number}"
