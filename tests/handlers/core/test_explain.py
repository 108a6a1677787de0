"""What a failure is said to have left undone, from the declared effect."""

import pytest
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from handlers.core.command import Effect
from handlers.core.pipeline.explain import explain
from handlers.core.problems import Busy, Denied, FieldErrors, Refusal, unchanged
from incidentio.errors import (
    APIError,
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    RateLimited,
    ServerError,
    Unreachable,
    Withheld,
)
from sandbox.slack.workspace.records import Channel
from storage.errors import Locked

ROLE = Effect("The role", "created")
OPTIONS = Effect("The options of INC-1 not yet closed", "added", "were")
"""With a “not” of its own."""
SAID = (Problem("code", "Ask Kim."),)


def refused(code, **more):
    answer = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": code, **more},
        headers={},
        status_code=200,
    )
    return SlackApiError("refused", answer)


@pytest.mark.parametrize(
    ("error", "made", "outcome", "said"),
    [
        (NotFound(404), False, "refused", "The role was not created. "),
        (Denied("No."), False, "refused", "The role was not created. No."),
        (
            FieldErrors({"name": "Too long."}),
            False,
            "refused",
            "The role was not created: Too long.",
        ),
        (
            Unreachable("timeout", sent=True),
            False,
            "unknown",
            "It is not known whether the role was created. incident.io does not",
        ),
        (
            Withheld(),
            False,
            "unknown",
            "It is not known whether the role was created. The bot was stopped for too",
        ),
        (
            NotFound(404),
            True,
            "unknown",
            "The role was created, but a later step failed. ",
        ),
    ],
)
def test_each_outcome_is_said_from_the_parts_of_the_effect(error, made, outcome, said):
    explained = explain(error, effect=ROLE, ref="r", made=made)
    assert explained.outcome == outcome
    assert explained.words.startswith(said)


@pytest.mark.parametrize(
    ("error", "in_doubt", "first"),
    [
        (ServerError(503, SAID), False, "The role was not created. Try again in a mi"),
        (ServerError(503, SAID), True, "It is not known whether the role was created."),
        (Forbidden(403, SAID), False, "The role was not created. The bot's API key ma"),
        (NotFound(404, SAID), False, "The role was not created. That does not exist,"),
        (Conflict(409, SAID), False, "The role was not created. incident.io says “Ask"),
    ],
)
def test_incidentios_own_words_come_after_what_to_do(error, in_doubt, first):
    words = explain(error, effect=ROLE, ref="r", in_doubt=in_doubt).words

    assert words.startswith(first)
    assert words.endswith(". incident.io says “Ask Kim”. (ref `r`)")


@pytest.mark.parametrize(
    "error",
    [
        NotFound(404),
        Denied("No."),
        Refusal("No."),
        FieldErrors({"name": "Too long."}),
        Unreachable("timeout", sent=False),
        ValueError("a fault"),
    ],
)
def test_whatever_refuses_it_a_doubt_stays_a_doubt(error):
    explained = explain(error, effect=ROLE, ref="r", in_doubt=True)
    assert explained.outcome == "unknown"
    assert explained.words.startswith("It is not known whether the role was created.")
    assert "Check before you try again." in explained.words
    assert explained.fields == {}


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("timeout", sent=False),
        RateLimited(429),
        APIError(503),
        Busy(),
        Locked("busy"),
        SlackClientError("no answer"),
        refused("ratelimited"),
        refused("expired_trigger_id"),
    ],
)
@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ({}, "Try again"),
        ({"made": True}, "Check before you try again."),
        ({"in_doubt": True}, "Check before you try again."),
    ],
)
def test_there_is_one_advice(error, state, advice):
    words = explain(error, effect=ROLE, ref="r", **state).words
    assert words.lower().count("try again") == 1
    assert advice in words


def test_a_refusal_after_a_change_is_in_doubt():
    assert explain(Refusal("No."), effect=ROLE, ref="r", made=True).outcome == "unknown"
    wrong = explain(FieldErrors({"name": "No."}), effect=ROLE, ref="r", made=True)
    assert wrong.words == "The role was created, but a later step failed. No."


@pytest.mark.parametrize(
    "refusal", [unchanged("It is over."), Refusal("Not sent.", in_doubt="It is over.")]
)
def test_a_refusal_in_doubt_claims_nothing(refusal):
    words = explain(refusal, effect=ROLE, ref="r", in_doubt=True).words
    assert words == f"{ROLE.in_doubt} It is over."


@pytest.mark.parametrize("in_doubt", [False, True])
def test_what_is_said_of_fields_mentions_nobody(in_doubt):
    error = FieldErrors({"user": "<!channel> & <@U0BEN> have no account."})
    explained = explain(error, effect=ROLE, ref="r", in_doubt=in_doubt)
    assert "&lt;!channel&gt; &amp; &lt;@U0BEN&gt;" in explained.words
    assert explained.fields == ({} if in_doubt else error.errors)


def test_a_subject_may_hold_any_words():
    assert OPTIONS.done == "The options of INC-1 not yet closed were added"
    assert OPTIONS.not_done == "The options of INC-1 not yet closed were not added"


@pytest.mark.parametrize(
    ("needed", "said"),
    [
        ("reactions:write", "lacks the scope reactions:write."),
        ("channels:read,im:read", "lacks the scope im:read."),
        ("groups:read,mpim:read", "lacks one of the scopes groups:read, mpim:read."),
        ("", "lacks a permission."),
    ],
)
def test_a_scope_that_is_lacking_is_named_and_who_can_add_it(needed, said):
    error = refused("missing_scope", needed=needed, provided="chat:write,channels:read")
    explained = explain(error, effect=ROLE, ref="r")
    assert explained.outcome == "refused"
    assert f"The bot's Slack app {said} Whoever manages the app" in explained.words
    assert "mistake" not in explained.words


@pytest.mark.parametrize("code", ["channel_not_found", "not_in_channel"])
def test_no_invitation_is_advised_where_nobody_can_invite(code):
    between = explain(refused(code), effect=ROLE, ref="r", where="D0PAIR").words
    assert "cannot take part in a direct message between people" in between
    assert "invite" not in between
    there = explain(refused(code), effect=ROLE, ref="r", where="C0ROOM").words
    assert "invite it there" in there


def test_other_refusals_of_slack_are_said_in_words():
    said = explain(refused("token_revoked"), effect=ROLE, ref="r").words
    assert "Slack does not accept the bot's token." in said
    said = explain(refused("*odd*"), effect=ROLE, ref="r").words
    assert "Slack refused it (" in said


@pytest.fixture
def pair(world):
    """A direct message between Ana and Ben."""
    channels = world.slack.workspace.channels
    channels["D0PAIR"] = Channel(
        "D0PAIR", "directmessage", private=True, members={"U0ANA", "U0BEN"}
    )
    return "D0PAIR"


@pytest.mark.parametrize("line", ["remind", "summary", "handover"])
def test_a_reminder_between_people_is_refused_with_what_is_possible(ana, pair, line):
    ana.types(f"/io {line}", channel=pair)
    assert "Use a channel, or write to the bot itself." in ana.last.words
    assert "invite" not in ana.last.words


def test_a_page_between_people_says_so(ana, pair):
    ana.types("/io page <@U0BEN> Coffee", channel=pair)
    ana.submits()
    said = ana.sees(pair)[-1].words
    assert "This conversation was not told: The bot cannot take part" in said


@pytest.mark.parametrize("line", ["remind", "summary", "handover"])
def test_a_scope_that_a_reminder_lacks_is_named(ana, world, line):
    world.slack.scopes.discard("channels:read")
    world.slack.scopes.discard("groups:read")
    ana.types(f"/io {line}")
    assert "The bot's Slack app lacks the scope channels:read." in ana.last.words
