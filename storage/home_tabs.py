"""The Home tabs that people opened, and what was last published there.

Only ids, times, references and a fingerprint are kept; the content is read when a tab
is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, cast, or_, select

from storage.sql import (
    claim_row,
    delete_old,
    get_value,
    insert,
    read_values,
    release_row,
)
from storage.tables import HomeTabRow as Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.database import Database
    from storage.lease import Lease

LEASE = timedelta(minutes=2)
"""Longer than it takes to read what a tab shows, and to publish it."""


@dataclass(frozen=True, slots=True)
class HomeTab:
    """The Home tab of one person."""

    person: str
    first_opened_at: datetime
    opened_at: datetime
    drawn_at: datetime | None
    """When the tab was last compared with what it should show."""
    fingerprint: str
    """The fingerprint of what is published; empty if that is nothing, or not known."""
    view_hash: str | None
    """Slack's hash of what is published. None: it is not known."""
    named: Sequence[str] | None
    """The references of the incidents that it names. None: nothing is published."""


class HomeTabs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def record_opened(self, person: str, now: datetime) -> None:
        """Record that a person opened their tab."""
        with self._database.write() as session:
            session.execute(
                insert(session, Row)
                .values(
                    person=person, first_opened_at=now, opened_at=now, fingerprint=""
                )
                .on_conflict_do_update(
                    index_elements=[Row.person], set_={"opened_at": now}
                )
            )

    def get(self, person: str) -> HomeTab | None:
        """Return a person's tab. None: they never opened it."""
        return get_value(self._database, HomeTab, Row, person)

    def opened_since(
        self, since: datetime, limit: int, *, drawn_by: datetime | None = None
    ) -> list[HomeTab]:
        """Return the tabs opened since then, the one drawn longest ago first.

        ``drawn_by``: only those that were not drawn later.
        """
        found = select(Row).where(Row.opened_at > since)
        if drawn_by is not None:
            found = found.where(or_(Row.drawn_at.is_(None), Row.drawn_at <= drawn_by))
        longest = found.order_by(Row.drawn_at.nulls_first(), Row.person).limit(limit)
        return read_values(self._database, HomeTab, longest)

    def naming(self, reference: str) -> list[str]:
        """Return the people whose tabs name an incident, by its reference."""
        listed = cast(Row.named, String).contains(f'"{reference}"', autoescape=True)
        with self._database.read() as session:
            return list(session.scalars(select(Row.person).where(listed)))

    def claim(self, tab: HomeTab) -> Lease | None:
        """Claim a tab to publish it. None: another process holds it, or has done so."""
        drawn = Row.drawn_at.is_not_distinct_from(tab.drawn_at)
        this = (Row.person == tab.person, drawn)
        return claim_row(self._database, Row.lease_until, LEASE, *this)

    def record_drawn(
        self,
        tab: HomeTab,
        lease: Lease,
        now: datetime,
        *,
        fingerprint: str,
        view_hash: str | None,
        named: Sequence[str],
    ) -> bool:
        """Record what is published now. False: the tab is not ours any more."""
        return release_row(
            self._database,
            Row.lease_until,
            lease,
            Row.person == tab.person,
            drawn_at=now,
            fingerprint=fingerprint,
            view_hash=view_hash,
            named=list(named),
        )

    def prune(self, older_than: datetime) -> int:
        """Delete the tabs that were last opened before then; return how many."""
        return delete_old(self._database, Row.person, Row.opened_at < older_than)
