"""Reminders, from the form to the message in the channel."""

HERE = "C0INC27"
"""The channel of a live public incident with outstanding follow-ups."""


def test_a_channel_is_reminded_when_it_is_due(ana, bot, clock):
    ana.types("/io remind", channel=HERE)
    assert "Next:" in ana.modal.words
    assert ana.submits(at="11:00").errors == {}
    assert "set a reminder for this channel" in ana.last.text

    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()

    posted = ana.sees(HERE)[-1]
    assert "outstanding" in posted.text
    assert "Done" in posted.buttons


def test_a_reminder_is_sent_once_for_each_slot(ana, bot, clock):
    ana.types("/io remind", channel=HERE)
    ana.submits(at="11:00")
    clock.advance(hours=1, minutes=1)
    bot.reminders.tick()
    posted = len(ana.sees(HERE))

    bot.reminders.tick()

    assert len(ana.sees(HERE)) == posted
