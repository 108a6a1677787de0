"""The verdict on a fault: what was lost, doubled or wrongly said; and the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from storage.slot import SENT, UNKNOWN

if TYPE_CHECKING:
    from chaos.crowd import Crowd, Write
    from chaos.reminders import DueReminder, Reminders
    from chaos.stage import Stage


@dataclass
class Verdict:
    """The writes and reminders during one fault, and what came of them."""

    fault: str
    did: str = ""
    skipped: str = ""
    """The reason why it could not be run here."""
    writes: int = 0
    reminders: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubtful: int = 0
    """The number of those that ended in doubt, and somebody was told so."""
    latest: float = 0.0
    """The longest time from asking to the outcome, in seconds."""
    recovered: float = 0.0
    """Seconds from the end of the fault until everything had its outcome."""
    seconds: float = 0.0

    @property
    def bad(self) -> bool:
        return bool(self.lost or self.doubled or self.wrong)

    @property
    def findings(self) -> list[str]:
        """What was found, each after its kind."""
        kinds = {"lost": self.lost, "doubled": self.doubled, "wrongly said": self.wrong}
        return [f"{kind}: {said}" for kind, found in kinds.items() for said in found]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def judge(verdict: Verdict, stage: Stage) -> Verdict:
    """Compare what was asked for with what was made and what was said."""
    verdict.wrong += stage.wrong
    for write in stage.crowd.writes:
        _judge_write(verdict, stage.crowd, write)
    for due in stage.reminders.due:
        _judge_reminder(verdict, stage.reminders, due)
    return verdict


def _judge_write(verdict: Verdict, crowd: Crowd, write: Write) -> None:
    crowd.hear(write)
    verdict.writes += 1
    made = crowd.count_made(write)
    if made > 1 or crowd.told_in_public(write) > 1:
        told = crowd.told_in_public(write)
        verdict.doubled.append(f"{write.title}: made {made}, announced {told} times")
    verdict.wrong += [f"{write.title}: {_short(words)}" for words in write.false]
    if write.announced:
        verdict.latest = max(verdict.latest, write.ended_at - write.asked_at)
    elif write.doubted:
        verdict.doubtful += 1
    elif made:
        verdict.lost.append(f"{write.title}: made, and nobody was told")
    elif not write.denied:
        asked = "no word of it" if write.asked else "its form never opened"
        seen = _short(crowd.screen(write))
        verdict.lost.append(f"{write.title}: {asked}; on the screen: {seen}")


def _judge_reminder(verdict: Verdict, reminders: Reminders, due: DueReminder) -> None:
    posted = reminders.posted(due)
    if not due.at:
        early = [f"{due.channel}: a reminder before it was due"]
        verdict.wrong += early if posted else []
        return
    verdict.reminders += 1
    slot = reminders.slot(due)
    state, why = (slot.state, slot.reason) if slot else ("missing", None)
    if not posted:
        if state == UNKNOWN and reminders.told_of(due):
            verdict.doubtful += 1
        else:
            verdict.lost.append(f"{due.channel}: {state}, {why}")
        return
    verdict.latest = max(verdict.latest, float(posted[0].ts) - due.at)
    verdict.doubtful += state == UNKNOWN
    if len(posted) > 1:
        verdict.doubled.append(f"{due.channel}: posted {len(posted)} times ({state})")
    elif state not in {SENT, UNKNOWN}:
        verdict.wrong.append(f"{due.channel}: posted, and recorded as {state}")


def _short(words: str) -> str:
    return " ".join(words.split())[:200]


HEAD = (
    "fault",
    "what was done",
    "writes",
    "reminders",
    "lost",
    "doubled",
    "wrongly said",
    "in doubt",
    "latest",
    "recovered in",
)


def rows(verdicts: Iterable[Verdict]) -> Iterator[tuple[object, ...]]:
    for one in verdicts:
        if one.skipped:
            yield (one.fault, f"not run: {one.skipped}", *[""] * 8)
            continue
        counts = (len(one.lost), len(one.doubled), len(one.wrong), one.doubtful)
        times = (f"{one.latest:.0f} s", f"{one.recovered:.0f} s")
        yield (one.fault, one.did, one.writes, one.reminders, *counts, *times)
