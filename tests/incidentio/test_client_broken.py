"""What breaks after the request went out may have been done."""

from __future__ import annotations

import pytest

from incidentio.errors import Unreachable
from tests.incidentio.samples import WRITES
from tests.tls import BREAKS, CERTIFICATE, breaking


@pytest.mark.parametrize("answer", BREAKS.values(), ids=BREAKS)
def test_tls_that_breaks_while_the_answer_is_read_leaves_the_outcome_open(
    make_api, monkeypatch, answer
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    with breaking(answer) as server:
        with pytest.raises(Unreachable) as caught:
            make_api(base_url=server.url).actions.create(**WRITES)
        assert caught.value.outcome_unknown
        assert server.carried_out == 1


def test_a_certificate_nobody_vouches_for_is_certainly_not_sent(make_api):
    with breaking(b"") as server:
        with pytest.raises(Unreachable) as caught:
            make_api(base_url=server.url).actions.create(**WRITES)
        assert not caught.value.sent
        assert server.carried_out == 0


def test_a_proxy_that_hangs_up_may_have_passed_the_request_on(
    make_api, upstream, monkeypatch
):
    monkeypatch.setenv("HTTP_PROXY", upstream.url)
    upstream.answers(lambda handler: setattr(handler, "close_connection", True))
    with pytest.raises(Unreachable) as caught:
        make_api(base_url="http://incident.invalid").actions.create(**WRITES)
    assert caught.value.outcome_unknown
    assert len(upstream.requests) == 1


def test_a_proxy_that_is_not_there_has_passed_nothing_on(make_api, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with pytest.raises(Unreachable) as caught:
        make_api(base_url="http://incident.invalid").actions.create(**WRITES)
    assert not caught.value.sent
