"""Sentences that say an effect was reached, was not reached, or is in doubt."""

from __future__ import annotations

from dataclasses import dataclass

CHECK = "Check before you try again."
"""What to do where it is in doubt whether something was done."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A sentence in parts: ``Effect("The role", "created")``.

    ``verb`` is a past participle; with the auxiliary ``did`` it is an infinitive.
    """

    subject: str
    verb: str
    auxiliary: str = "was"

    @property
    def done(self) -> str:
        """Return “The role was created”, without a full stop."""
        return f"{self.subject} {self.auxiliary} {self.verb}"

    @property
    def not_done(self) -> str:
        """Return “The role was not created”, without a full stop."""
        return f"{self.subject} {self.auxiliary} not {self.verb}"

    @property
    def whether(self) -> str:
        """Return “It is not known whether the role was created.”"""
        return f"It is not known whether {self.done[:1].lower()}{self.done[1:]}."

    @property
    def in_doubt(self) -> str:
        """Return “It is not known whether the role was created.” and what to do."""
        return f"{self.whether} {CHECK}"


FORM_OPENED = Effect("The form", "opened")
FORM_FOLLOWED = Effect("The form", "follow", "did")
FORM_TAKEN = Effect("The form", "taken")
FORM_SHOWN = Effect("The form", "open", "did")
STARTED = Effect("This", "started")
OPTIONS_LISTED = Effect("The options", "listed", "were")
WORKED = Effect("That", "work", "did")
