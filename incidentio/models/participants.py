from __future__ import annotations

from incidentio.models.base import Model
from incidentio.models.users import User


class Participant(Model):
    user: User
    participant_type: str = ""
    """observer, collaborator, responder, or newer."""


class Participants(Model):
    active: tuple[Participant, ...] = ()
    passive: tuple[Participant, ...] = ()
