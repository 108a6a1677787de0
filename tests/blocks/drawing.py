"""Any content, drawn: pieces that several tests of blocks are made of."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

from hypothesis import strategies as st

from sandbox.slack.block_kit.blocks import IN_MESSAGES as EVERY_TYPE
from sandbox.slack.block_kit.blocks import check_message
from slack import newer_blocks

NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)

words = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="<>&;!@#|*_`~\n\" '\\{}🔥é\u202e\u200d", max_size=80),
    st.sampled_from(["", " ", "&" * 3000, "<!channel>", "x" * 9000, "*_~`" * 300]),
)
ids = st.text(ascii_letters + digits + "-", min_size=1, max_size=40)
moments = st.integers(-4000, 4000).map(lambda hours: NOW + timedelta(hours=hours))
links = st.sampled_from(
    [None, "https://acme.example/a?b=c&d=<e>", "javascript:alert(1)", "https://a|b"]
)
slack_ids = st.none() | st.just("U0ANA")


def record(**fields):
    return st.fixed_dictionaries(fields)


def some(one, most=3):
    return st.lists(one, max_size=most)


somebody = record(id=ids, name=words, slack_user_id=slack_ids)
people = st.none() | somebody


def problems(blocks):
    """What Slack would refuse in a message of these blocks, newer or plain."""
    drawn = [b if isinstance(b, dict) else b.to_dict() for b in blocks]
    sent = [newer_blocks.drawn(drawn, taken) for taken in (EVERY_TYPE, ())]
    return [p for shown in sent for p in check_message(json.loads(json.dumps(shown)))]


def texts(blocks):
    """Every piece of mrkdwn in them."""

    def walk(node):
        if isinstance(node, dict):
            if node.get("type") == "mrkdwn":
                yield node["text"]
            node = list(node.values())
        if isinstance(node, list):
            for inner in node:
                yield from walk(inner)

    drawn = [b if isinstance(b, dict) else b.to_dict() for b in blocks]
    return list(walk(drawn))


def pages_nobody(blocks):
    """Whether what people wrote is kept from mentioning everybody."""
    return all(
        "<!channel" not in said and "<!here" not in said for said in texts(blocks)
    )
