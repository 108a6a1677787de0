"""Plain words lead to what is meant, and none to something else that writes."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import ROUTER
from handlers.core.pipeline.router import HelpRequest, Invocation
from tests.handlers.core.phrases import BLIND, PHRASES

KNOWN = {phrase for c in ROUTER.commands.values() for phrase in c.phrases}


def led_to(line):
    """Return the phrases that a line runs or is offered, with their words."""
    meant = ROUTER.route(line)
    if isinstance(meant, HelpRequest):
        return ["help"]
    if isinstance(meant, Invocation):
        return [" ".join([meant.command.shortest, *meant.words]).strip()]
    return list(meant.instead)


@pytest.mark.parametrize(("line", "wanted"), PHRASES, ids=[p[0] for p in PHRASES])
def test_a_phrase_leads_to_what_is_meant(line, wanted):
    assert wanted in led_to(line)


@pytest.mark.parametrize(("line", "wanted"), PHRASES, ids=[p[0] for p in PHRASES])
def test_nothing_else_that_writes_is_run(line, wanted):
    meant = ROUTER.route(line)
    if isinstance(meant, Invocation) and meant.command.flags.writes:
        assert wanted.startswith(meant.command.shortest)


def command_of(line):
    """Return the command that a line begins with."""
    words = line.split()
    heads = (" ".join(words[:n]) for n in (3, 2, 1, 0))
    return next(ROUTER.commands[head] for head in heads if head in ROUTER.commands)


def test_of_phrases_by_a_stranger_nine_in_ten_lead_to_what_is_meant():
    missed, wrong = [], []
    for line, wanted in BLIND:
        meant = ROUTER.route(line)
        commands = {"help" if w == "help" else command_of(w).phrase for w in wanted}
        found = {w if w == "help" else command_of(w).phrase for w in led_to(line)}
        if not commands & found:
            missed.append(line)
        if isinstance(meant, Invocation) and meant.command.flags.writes:
            wrong += [line] if meant.command.phrase not in commands else []
    assert wrong == []
    assert len(missed) <= len(BLIND) // 10, missed


@given(st.lists(st.sampled_from(sorted({w for p in KNOWN for w in p.split()}))))
def test_what_begins_with_no_phrase_never_writes(words):
    meant = ROUTER.route(" ".join(["kindly", *words]))

    if isinstance(meant, Invocation):
        assert not meant.command.flags.writes


def test_a_refusal_is_no_near_miss_of_another_command():
    assert led_to("declin INC-40") == ["incident decline INC-40"]
    assert "role" not in " ".join(led_to("resolv INC-40"))
    assert led_to("frobnicate") == []


def test_what_is_left_of_the_line_is_its_target():
    assert led_to("who's on call for payments?") == ["oncall payments"]
    assert led_to("please show me the follow-ups of INC-12") == ["followups INC-12"]


@pytest.mark.parametrize("name", ["be", "will", "may", "can"])
def test_a_name_that_is_a_small_word_too_is_a_name(name):
    assert led_to(f"user {name}") == [f"user {name}"]


def test_any_line_is_read_in_a_bounded_number_of_steps():
    long = " ".join(["severty"] * 400)
    begun = process_time()

    ROUTER.route(long)

    assert process_time() - begun < 1
