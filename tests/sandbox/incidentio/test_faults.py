from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
import requests

DRAFT = {"idempotency_key": "k", "visibility": "public", "name": "Fire"}


def test_a_status_comes_with_the_vendors_body(incidentio, call):
    incidentio.fail("GET", "/v1/*", status=503, times=1)
    answer = call("GET", "/v1/severities")
    assert (answer.status_code, answer.json()["status"]) == (503, 503)
    assert call("GET", "/v1/severities").status_code == 200


def test_a_limit_can_be_feigned(incidentio, call):
    incidentio.fail("*", "*", status=429, headers={"Retry-After": "7"})
    answer = call("POST", "/v2/incidents", DRAFT)
    assert answer.json()["rate_limit"]["retry_after"].endswith("UTC")
    assert answer.headers["Retry-After"] == "7"
    incidentio.clear_faults()
    assert call("POST", "/v2/incidents", DRAFT).status_code == 200


def test_it_may_answer_with_a_page_or_with_anything(incidentio, call):
    incidentio.fail("GET", "/v1/severities", body="<h1>Bad gateway</h1>", status=502)
    answer = call("GET", "/v1/severities")
    assert (answer.headers["Content-Type"], answer.text[:4]) == (
        "text/html; charset=utf-8",
        "<h1>",
    )
    incidentio.fail("GET", "/v1/severities", body={"severities": "none"})
    assert call("GET", "/v1/severities").json() == {"severities": "none"}


def test_a_drop_before_leaves_nothing_behind(incidentio, call):
    incidentio.fail("POST", "/v2/incidents", drop=True, times=1)
    with pytest.raises(requests.ConnectionError):
        call("POST", "/v2/incidents", DRAFT)
    assert len(incidentio.store.incidents) == 40
    assert incidentio.requests[-1].status is None


def test_a_drop_after_leaves_the_work_done(incidentio, call):
    incidentio.fail("POST", "/v2/incidents", drop="after", times=1)
    with pytest.raises(requests.ConnectionError):
        call("POST", "/v2/incidents", DRAFT)
    assert len(incidentio.store.incidents) == 41
    again = call("POST", "/v2/incidents", DRAFT).json()["incident"]
    assert (again["reference"], len(incidentio.store.incidents)) == ("INC-41", 41)


def test_a_slow_answer_keeps_nobody_else_waiting(incidentio, call):
    incidentio.fail("GET", "/v1/severities", delay=0.3)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(call, "GET", "/v1/severities")
        start = perf_counter()
        assert call("GET", "/v1/incident_types").status_code == 200
        assert not slow.done()
        assert slow.result().status_code == 200
    assert perf_counter() - start > 0.25


def test_clearing_the_faults_ends_a_delay(incidentio, call):
    incidentio.fail("GET", "/v1/severities", delay=60)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(call, "GET", "/v1/severities")
        call("GET", "/v1/identity")
        incidentio.clear_faults()
        assert slow.result(5).status_code == 200


def test_requests_are_recorded(incidentio, call):
    call("POST", "/v2/incidents", {"name": "x"}, **{"a[b]": ["1", "2"]})
    assert incidentio.requests == [
        ("POST", "/v2/incidents", {"a[b]": ["1", "2"]}, {"name": "x"}, 422)
    ]


def test_another_process_can_direct_it(call):
    fault = {"method": "GET", "path_glob": "/v1/severities", "status": 500}
    assert call("POST", "/sandbox/faults", fault).status_code == 204
    assert call("GET", "/v1/severities").status_code == 500
    assert call("DELETE", "/sandbox/faults").status_code == 204
    assert call("GET", "/v1/severities").status_code == 200
    seen = call("GET", "/sandbox/requests").json()["requests"]
    assert [request["status"] for request in seen] == [500, 200]
    assert call("POST", "/sandbox/faults", {"speed": 1}).status_code == 422


def test_reset_brings_the_first_day_back(incidentio, call):
    incidentio.key.roles.clear()
    incidentio.key.roles.add("incident_creator")
    call("POST", "/v2/incidents", DRAFT)
    incidentio.fail("GET", "*", status=500)
    incidentio.reset()
    assert call("GET", "/v2/incidents/41").status_code == 404
    assert len(incidentio.requests) == 1


def test_the_same_key_sent_at_once_makes_one_incident(incidentio, call):
    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(call, "POST", "/v2/incidents", DRAFT) for _ in range(8)]
        made = {answer.result().json()["incident"]["id"] for answer in sent}
    assert (len(made), len(incidentio.store.incidents)) == (1, 41)
