"""Issues in issue trackers."""

from __future__ import annotations

from incidentio.base.model import Model


class ExternalIssue(Model):
    """The issue of an incident or a follow-up in an issue tracker."""

    provider: str
    issue_name: str
    issue_permalink: str
