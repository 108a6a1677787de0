"""Issues in other trackers."""

from __future__ import annotations

from incidentio.base.model import Model


class ExternalIssue(Model):
    """The same thing in an issue tracker."""

    provider: str
    issue_name: str
    issue_permalink: str
