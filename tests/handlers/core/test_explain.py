"""What a failure is said to have left undone, from the declared effect."""

import pytest

from handlers.core.command import Effect
from handlers.core.pipeline.explain import explain
from handlers.core.problems import Denied, FieldErrors
from incidentio.errors import NotFound, Unreachable

ROLE = Effect("The role", "created")
OPTIONS = Effect("The options of INC-1 not yet closed", "added", "were")
"""With a “not” of its own."""


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
            "It is not known whether the role was created. Look before you try again.",
        ),
        (
            NotFound(404),
            True,
            "unknown",
            "The role was created, but what was to follow failed. ",
        ),
    ],
)
def test_each_outcome_is_said_from_the_parts_of_the_effect(error, made, outcome, said):
    explained = explain(error, effect=ROLE, ref="r", made=made)
    assert explained.outcome == outcome
    assert explained.words.startswith(said)


def test_what_is_said_of_fields_mentions_nobody():
    error = FieldErrors({"user": "<!channel> & <@U0BEN> have no account."})
    explained = explain(error, effect=ROLE, ref="r")
    assert "&lt;!channel&gt; &amp; &lt;@U0BEN&gt;" in explained.words
    assert explained.fields == error.errors


def test_a_subject_may_hold_any_words():
    assert OPTIONS.done == "The options of INC-1 not yet closed were added"
    assert OPTIONS.not_done == "The options of INC-1 not yet closed were not added"
