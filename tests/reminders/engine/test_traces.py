"""What a message took can be followed."""

from tests.spans import under


def test_a_reminder_is_a_trace_with_its_request_and_its_statements(
    traces, scene, outstanding
):
    rule = scene.remind()
    scene.tick(hours=1)

    spans = traces()
    (root,) = (s for s in spans if s.name.startswith("reminder "))
    (slot,) = scene.reminders.history(rule.id)
    beneath = under(root, spans)
    asked = [s.attributes.get("http.url", "") for s in beneath]
    assert root.attributes["slot"] == slot.id
    assert any(url.endswith("/chat.postMessage") for url in asked)
    assert "UPDATE" in {s.name for s in beneath}
