"""What the escalation paths' requests look like, judged by the published schema."""

import pytest

from tests.incidentio.upstream import send

BODY = {
    "name": "Web",
    "path": [
        {
            "id": "N",
            "type": "level",
            "level": {"targets": [{"id": "U", "type": "user", "urgency": "high"}]},
        }
    ],
}
PATH = {"id": "P", "name": "Web", "path": BODY["path"], "team_ids": []}
CALLS = {
    "list": lambda api: list(api.escalation_paths.list()),
    "show": lambda api: api.escalation_paths.show("P"),
    "create": lambda api: api.escalation_paths.create(BODY),
    "update": lambda api: api.escalation_paths.update("P", BODY),
    "delete": lambda api: api.escalation_paths.delete("P"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_each_request_is_as_published(api, upstream, contract, call):
    answer = {"escalation_path": PATH, "escalation_paths": [PATH]}
    upstream.answers((200, answer))
    call(api)
    for request in upstream.requests:
        assert not contract.request(
            request.method, request.path, request.query, request.body
        )


def test_the_schemas_own_example_is_read_whole(api, upstream, contract):
    responses = contract.spec["paths"]["/v2/escalation_paths/{id}"]["get"]["responses"]
    example = responses["200"]["content"]["application/json"]["example"]
    upstream.answers(lambda handler: send(handler, 200, example))
    path = api.escalation_paths.show("P")
    assert not path.unread
    assert path.raw == example["escalation_path"]
    assert all(not node.unread for node in path.path)
