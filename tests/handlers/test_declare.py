"""Declaring an incident, as a responder does it."""


def test_declaring_answers_in_the_channel_with_the_card(ana, world):
    ana.types("/io declare Checkout is down", channel="incidents")
    assert ana.modal.title == "Declare an incident"

    sent = ana.submits(summary="Cards are refused")

    assert sent.errors == {}
    created = world.incidentio.store.incident("41")
    assert created.name == "Checkout is down"
    assert created.summary == "Cards are refused"
    said = ana.last
    assert "INC-41" in said.text
    assert "Cards are refused" in said.words
