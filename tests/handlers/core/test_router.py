"""From words to the command that is meant, and never to one that is not."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import ROUTER
from handlers.core.pipeline.explain import MISTAKE
from handlers.core.pipeline.router import (
    HelpRequest,
    Invocation,
    UnknownCommand,
)

NOT_HELP = st.text(st.characters(categories=["Ll"]), min_size=1, max_size=8).filter(
    lambda word: ROUTER.group(word) is None
)


@pytest.mark.parametrize("line", ["declare help", "incident edit help", "oncall help"])
def test_help_after_a_phrase_is_help(line):
    assert isinstance(ROUTER.route(line), HelpRequest)


@pytest.mark.parametrize(
    "line",
    ["declare we need help", "update 39 please help", "followup new ask for help"],
)
def test_help_at_the_end_of_a_text_is_a_word(line):
    meant = ROUTER.route(line)

    assert isinstance(meant, Invocation)
    assert meant.text.endswith("help")


@given(st.lists(NOT_HELP, min_size=1, max_size=6))
def test_no_text_is_eaten_by_a_help_at_its_end(words):
    typed = " ".join([*words, "help"])

    meant = ROUTER.route(f"declare {typed}")

    assert isinstance(meant, Invocation)
    assert meant.text == typed


def test_help_with_what_there_is_not_says_so():
    assert ROUTER.route("help incidnet") == UnknownCommand(
        "help incidnet", ("help incident",)
    )
    assert ROUTER.route("help 🦔") == UnknownCommand("help 🦔")


@pytest.mark.parametrize(
    ("line", "phrase", "text"),
    [
        ("on call", "oncall", ""),
        ("on-call Platform", "oncall", "Platform"),
        ("follow ups INC-3", "followups", "INC-3"),
        ("follow-up done write  it", "followup done", "write  it"),
        ("follow up done it", "followup done", "it"),
        ("reminder list", "reminders", ""),
        ("incident list closed", "incidents", "closed"),
        ("severity list", "severities", ""),
        ("status list", "statuses", ""),
        ("INC-39", "incident show", "INC-39"),
        ("39", "incident show", "39"),
        ("update\nfirst\n  second", "update", "first\n  second"),
        ("update list", "update", "list"),
        ("help", None, ""),
    ],
)
def test_what_is_close_enough_is_understood(line, phrase, text):
    meant = ROUTER.route(line)

    if phrase is None:
        assert meant == HelpRequest()
    else:
        assert isinstance(meant, Invocation)
        assert (meant.command.phrase, meant.text) == (phrase, text)


@pytest.mark.parametrize("line", ["help on call", "on call help", "help follow-ups"])
def test_help_takes_a_noun_in_two_words(line):
    meant = ROUTER.route(line)
    assert isinstance(meant, HelpRequest)
    assert meant.noun in ("oncall", "followups")


def test_a_reference_with_more_is_asked_about():
    assert ROUTER.route("INC-39 minor") == UnknownCommand(
        "INC-39 minor", ("incident INC-39",)
    )


PHRASES = sorted(ROUTER.commands)


WORDS = (
    "INC-39",
    "40",
    "inc999999999999",
    "major",
    "page:2",
    "page:99999999999999999999",
    "page:x",
    "to",
    "@ben",
    "<@U0BEN>",
    "<@UNOBODY>",
    "#incidents",
    "<!channel>",
    "ana@acme.example",
    "“open quote",
    '"',
    "'",
    "\\",
    "`code`",
    "*_~",
    "--help",
    "tomorrow",
    "2026-02-30",
    "+3d",
    "fixing: &amp;",
    "🔥",
    "\u202e\u200d",
    "ﬁnal",
    "x" * 3000,
    "",
    "\n",
)


phrases = st.sampled_from(PHRASES)


typed = st.one_of(
    phrases,
    phrases.flatmap(lambda p: st.integers(0, len(p)).map(lambda n: p[:n] + p[n + 1 :])),
    st.text(max_size=20),
)


lines = st.builds(
    lambda first, rest: " ".join([first, *rest]),
    typed,
    st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=4),
)


@pytest.mark.prove
def test_any_line_is_answered(ana):
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(lines)
    def answered(line):
        before = ana.sees()
        ana.types(f"/io {line}")
        after = ana.sees()
        assert ana.modal or len(after) > len(before), line
        assert not any(MISTAKE in message.text for message in after[len(before) :])
        while ana.modal:
            ana.closes()

    answered()
