"""``doctor --live``, between the stand-ins: what it tries, says, writes and leaves."""

import re
import stat
from datetime import timedelta

import pytest

from storage.audit import Audit
from tests.admin.live import BUTTON, OVER_HTTP

ME = ("--as", "ana@acme.example")
SURE = (*ME, "--yes")


def only(*parts):
    return [word for part in parts for word in ("--only", part)]


PRIVATE = stat.S_IRUSR | stat.S_IWUSR
MESSAGE = "A message is posted and edited"
FOUND = "It is found by its metadata"
DELETED = "It is deleted and known to be gone"
DECLARED = "An incident is declared once"
CLOSED = "The incident is closed"
FORM = "A form opens"


@pytest.fixture
def ana(world):
    return world.slack.person("ana")


@pytest.fixture
def trials(world):
    """The incidents that it declared."""
    return lambda: [
        world.incidentio.incident(row.id)
        for row in world.incidentio.store.incidents
        if row.name.startswith("Test by the bot's doctor")
    ]


def test_every_promise_is_tried_and_kept_and_nothing_is_left(live, world, ana, trials):
    live.meanwhile = lambda: ana.presses(BUTTON)
    live.file.touch(0o644)

    assert live(*SURE) == 0

    assert set(live.results.values()) == {"kept"}
    assert len(live.results) == 11
    assert "11 kept, 0 broken, 0 skipped.\nEverything was taken back." in live.said
    assert ana.dm == []
    posted = [c for c in world.slack.calls if c.method == "chat.postMessage"]
    assert [call.args["channel"] for call in posted] == ["U0ANA"] * 3
    (trial,) = trials()
    assert trial["incident_status"]["category"] == "closed"
    assert stat.S_IMODE(live.file.stat().st_mode) == PRIVATE
    assert world.slack.violations == []
    assert world.slack.sockets.connected == 0


def test_what_others_want_meanwhile_is_done_as_by_any_replica(live, world, ana, sqlite):
    ben = world.slack.person("ben")

    def both():
        ben.types("/io severity 39 critical")
        ana.presses(BUTTON)

    live.meanwhile = both

    assert live(*SURE, *only("form")) == 0

    assert world.incidentio.incident(39)["severity"]["name"] == "Critical"
    assert [one.operation for one in Audit(sqlite).search()] == ["severity"]
    during = [one for one in live.record["exchanges"] if one["promise"] == FORM]
    paths = [one["path"] for one in during]
    assert paths == ["/chat.postMessage", "/views.open"]


def test_it_says_what_it_will_do_and_asks(live, ana):
    live.answers = ["ana@acme.example\n", "n\n"]

    assert live() == 0

    plan = live.said.partition("It will")[2]
    assert "Slack        Acme, as @incidentio-bot" in live.said
    assert "incident.io  the API key “incidentio-bot”" in live.said
    assert "You          ana (U0ANA), in Slack" in live.said
    for words in ("your direct messages", "60 s", "incident in test mode", "record"):
        assert words in plan
    assert live.said.endswith("Go on? [y/N] Nothing was tried.\n")
    assert ana.dm == []
    assert not live.file.exists()


@pytest.mark.parametrize("who", ["U0ANA", "@ana", "ana", "ana@acme.example"])
def test_a_person_is_found_by_id_name_or_email(live, who):
    live.answers = ["no\n"]

    assert live("--as", who) == 0

    assert "ana (U0ANA)" in live.said


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("U0NOBODY", "Slack finds nobody by U0NOBODY."),
        ("no@acme.example", "Slack finds nobody by no@acme.example."),
        ("@nobody", "Slack finds nobody by @nobody. Give an email or an id."),
        ("U0LEE", "lee has left the workspace."),
    ],
)
def test_without_the_person_nothing_is_tried(live, who, words):
    assert live("--as", who, "--yes") == 1

    assert live.said.endswith(f"Nothing was tried. {words}\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (ME, "here is no terminal to ask at"),
        (("--yes",), ""),
        (("--channel", "incidents", *SURE), ""),
    ],
)
def test_what_cannot_be_asked_or_meant_is_refused(live, world, options, words):
    assert live(*options) == 2

    assert words in live.said
    assert world.slack.calls == []
    assert world.incidentio.requests == []


def test_with_a_fault_that_doctor_finds_nothing_is_tried(live, ana):
    assert live(*SURE, slack_signing_secret="", **OVER_HTTP) == 1

    assert live.said.endswith("Nothing was tried: mend the faults first.\n")
    assert ana.dm == []


def test_a_channel_can_be_posted_in(live, world, ana):
    before = len(ana.sees("incidents"))

    assert live("--channel", "C0INCIDENTS", *SURE, *only("message", "reminder")) == 0

    posted = [c for c in world.slack.calls if c.method == "chat.postMessage"]
    assert [c.args["channel"] for c in posted] == ["C0INCIDENTS", "U0ANA"]
    assert len(ana.sees("incidents")) == before


def test_a_file_that_cannot_be_written_is_said_before_anything_is_tried(
    live, ana, tmp_path
):
    live.file = tmp_path / "none" / "record.json"

    assert live(*SURE) == 1

    assert f"Nothing was tried. {live.file} cannot be written" in live.said
    assert ana.dm == []


@pytest.mark.parametrize(
    ("typed", "result", "code"), [("y\n", "kept", 0), ("n\n", "broken", 1)]
)
def test_where_a_press_is_not_heard_it_is_asked_what_came_of_it(
    live, typed, result, code
):
    live.answers = ["y\n", typed]

    assert live(*ME, *only("form"), **OVER_HTTP) == code

    assert "The running bot opens the form." in live.said
    assert live.results[FORM] == result


def test_without_a_press_a_form_is_skipped_and_says_why(live, ana):
    assert live(*SURE, *only("form")) == 0

    assert live.results[FORM] == "skipped"
    assert live.meaning(FORM) == "No press arrived here, and nobody can be asked."
    assert ana.dm == []


def test_a_press_that_opens_nothing_breaks_the_promise(live, world, ana):
    world.slack.fail("views.open", error="fatal_error")
    live.meanwhile = lambda: ana.presses(BUTTON)

    assert live(*SURE, *only("form")) == 1

    assert live.meaning(FORM) == "Slack did not open the form."
    assert live.left == []


@pytest.mark.parametrize(
    ("lag", "meaning", "code"),
    [(10, "Found 12 s later.", 0), (600, "It was not found within 180 s.", 1)],
)
def test_a_message_is_looked_for_as_long_as_the_bot_would(
    live, world, ana, lag, meaning, code
):
    world.slack.history_lag = timedelta(seconds=lag)

    assert live(*SURE, *only("message")) == code

    assert live.meaning(FOUND) == meaning
    assert (live.left, ana.dm) == ([], [])


class Forgetful(dict[str, str]):
    """Remembers no key."""

    def __setitem__(self, *_):
        pass


class TestWhenSomethingGoesWrong:
    def test_an_incident_that_is_declared_twice_is_told_and_both_are_closed(
        self, live, world, trials, monkeypatch
    ):
        monkeypatch.setattr(world.incidentio.store, "created_by_key", Forgetful())

        assert live(*SURE, *only("incident")) == 1

        words = "The same idempotency key declared a second incident."
        assert live.meaning(DECLARED) == words
        assert [i["incident_status"]["category"] for i in trials()] == ["closed"] * 2

    def test_a_message_that_slack_does_not_delete_is_named_by_its_link(
        self, live, world
    ):
        world.slack.fail("chat.delete", error="cant_delete_message", times=2)

        assert live(*SURE, *only("message")) == 1

        assert live.meaning(DELETED) == "Slack: Slack refused it (cant_delete_message)."
        (left,) = live.left
        link = r"https://acme\.slack\.com/archives/\S+/p\d+\."
        assert re.match(rf"A message could not be deleted: {link}", left)

    def test_a_delete_that_is_refused_once_is_tried_again_at_the_end(
        self, live, world, ana
    ):
        world.slack.fail("chat.delete", error="cant_delete_message", times=1)

        assert live(*SURE, *only("message")) == 1

        assert (live.left, ana.dm) == ([], [])

    def test_a_message_whose_answer_is_lost_is_looked_for_and_deleted(
        self, live, world, ana
    ):
        world.slack.fail("chat.postMessage", drop="after", times=1)

        assert live(*SURE, *only("message")) == 1

        assert live.meaning(MESSAGE) == "Slack: Slack did not answer."
        assert live.results[FOUND] == live.results[DELETED] == "skipped"
        assert (live.left, ana.dm) == ([], [])

    def test_one_that_slack_does_not_show_is_said_to_be_perhaps_there(
        self, live, world
    ):
        world.slack.fail("chat.postMessage", drop="after", times=1)
        world.slack.fail("conversations.history", error="internal_error")

        assert live(*SURE, *only("message")) == 1

        (left,) = live.left
        assert left.startswith("A message may be in U0ANA, which cannot be read.")

    def test_an_incident_that_could_not_be_closed_is_closed_at_the_end(
        self, live, world, trials
    ):
        world.incidentio.fail("POST", "*/actions/edit", status=500, times=1)

        assert live(*SURE, *only("incident")) == 1

        assert (live.results[DECLARED], live.results[CLOSED]) == ("kept", "broken")
        assert live.left == []
        assert [i["incident_status"]["category"] for i in trials()] == ["closed"]

    def test_or_is_named_by_its_link(self, live, world, trials):
        world.incidentio.fail("POST", "*/actions/edit", status=500)

        assert live(*SURE, *only("incident")) == 1

        (trial,) = trials()
        (left,) = live.left
        what = f"The test incident {trial['reference']} ({trial['permalink']})"
        assert left.startswith(f"{what} could not be closed.")

    def test_one_whose_answer_is_lost_is_looked_for_and_closed(
        self, live, world, trials
    ):
        world.incidentio.fail("POST", "/v2/incidents", drop="after")

        assert live(*SURE, *only("incident")) == 1

        assert live.results[DECLARED] == "broken"
        assert live.results[CLOSED] == "skipped"
        assert live.left == []
        assert [i["incident_status"]["category"] for i in trials()] == ["closed"]

    def test_stopped_in_the_middle_it_takes_everything_back_and_writes(self, live, ana):
        def stop():
            raise KeyboardInterrupt

        live.meanwhile = stop

        assert live(*SURE, *only("message", "form")) == 1

        assert "3 kept, 0 broken, 0 skipped, 1 not tried: it was stopped." in live.said
        assert (live.left, ana.dm) == ([], [])
        assert len(live.results) == 3
