"""Whatever there is to be told of, the message to its owner is one that Slack takes."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from blocks.kit import text
from blocks.kit.outstanding import ItemOutcome, OutstandingLine
from blocks.reminders.digest import Digest, OwnerGroup
from blocks.reminders.digest import message as channel_message
from blocks.reminders.owner_digest import (
    MOST_LED,
    MOST_OWN,
    DigestSection,
    OwnerDigest,
    message,
)
from tests.blocks.drawing import NOW, ids, moments, pages_nobody, problems, words

often = settings(max_examples=15)

became = st.builds(
    ItemOutcome,
    words=words.map(text.inline),
    undo=st.none() | ids.map(lambda id_: f"followup reopen {id_}"),
)
lines = st.builds(
    OutstandingLine,
    noun=st.sampled_from(["followup", "action"]),
    id=ids,
    title=words,
    since=st.none() | moments,
    reference=words,
    incident=words,
    url=st.none() | st.just("https://acme.example/a?b=c&d=<e>"),
    severity=st.none() | words,
    priority=st.none() | words,
    private=st.booleans(),
    target=st.none() | moments,
    is_due=st.booleans(),
    note=st.none() | words.map(text.inline),
    owner_id=st.just("") | ids,
    became=st.none() | became,
)


def many(most):
    """A few different lines, again and again."""
    few = st.lists(lines, max_size=2)
    return few.map(lambda found: (found * most)[:most])


def shares(most):
    return st.builds(
        DigestSection,
        lines=many(most),
        total=st.integers(0, 10**6),
        late=st.integers(0, 10**6),
    )


@often
@given(shares(MOST_OWN), shares(MOST_LED))
def test_a_persons_digest(own, led):
    drawn = message(OwnerDigest(NOW, own, led), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []
    assert pages_nobody(drawn.blocks)
    assert drawn.text
    assert len(drawn.text) <= text.MESSAGE
    assert not re.search("<!(channel|here)", drawn.text)


def test_the_longest_there_is_leaves_room_for_what_is_said_above_it():
    one = OutstandingLine(
        "followup", "1", "x" * 5000, NOW, "INC-1", "y" * 5000, "https://a.b/c"
    )
    own = DigestSection([one] * MOST_OWN, 10**6, 10**6)
    led = DigestSection([one] * MOST_LED, 10**6)
    drawn = message(OwnerDigest(NOW, own, led), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []


@often
@given(st.lists(many(25), max_size=2), words)
def test_a_channels_digest_in_which_some_is_dealt_with(found, name):
    groups = [OwnerGroup(name, None, len(some), some) for some in found]
    drawn = channel_message(Digest(NOW, name, groups), "0" * 32)
    assert len(drawn.blocks) < text.BLOCKS_IN_MESSAGE
    assert problems(drawn.blocks) == []
    assert pages_nobody(drawn.blocks)
