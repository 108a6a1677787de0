"""What the escalation paths' requests look like, judged by the contract."""

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
CALLS = {
    "list": lambda api: list(api.escalation_paths.list()),
    "show": lambda api: api.escalation_paths.show("P"),
    "create": lambda api: api.escalation_paths.create(BODY),
    "update": lambda api: api.escalation_paths.update("P", BODY),
    "delete": lambda api: api.escalation_paths.delete("P"),
}


def test_what_a_path_was_read_from_is_kept(api, upstream, contract):
    status, body = contract.example("GET", "/v2/escalation_paths/P")
    upstream.answers(lambda handler: send(handler, status, body))
    assert api.escalation_paths.show("P").raw == body["escalation_path"]
