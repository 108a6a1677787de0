"""Issues in other trackers."""

from __future__ import annotations

from incidentio.base.model import Model


class ExternalIssue(Model):
    """The issue in an issue tracker that belongs to an object."""

    provider: str
    issue_name: str
    issue_permalink: str
