from __future__ import annotations

from incidentio.models.base import Model


class ExternalIssue(Model):
    """The same thing in an issue tracker."""

    provider: str
    issue_name: str
    issue_permalink: str
