"""Which bot answers, since when, and what it reaches."""

import re

from runtime.version import commit, version


def test_it_says_what_runs_since_when_and_what_it_reaches(ana, clock, settings):
    clock.advance(hours=2)
    ana.types("/io version")
    said = ana.last.words
    assert f"*incidentio-bot {version()}*" in said
    assert "10:00 UTC> (2 h ago), over HTTP." in said
    assert "incident.io: reachable\nSlack: reachable" in said
    for secret in settings.secrets:
        assert secret not in said


def test_the_commit_is_that_of_the_checkout(ana):
    ana.types("/io version")
    found = re.search(r"\(`([0-9a-f]{7,})`\)", ana.last.words)
    assert (found[1] if found else None) == commit()


def test_a_viewer_may_ask_and_a_service_that_is_down_is_named(person, world):
    kim = person("kim")
    kim.types("/io incidents")
    world.incidentio.fail("GET", "/v1/identity", status=503)
    world.slack.fail("auth.test", error="internal_error")
    kim.types("/io version")
    assert "incident.io: ⚠️ incident.io says “The sandbox was told" in kim.last.words
    assert "Slack: ⚠️ Slack refused it (internal_error)." in kim.last.words
