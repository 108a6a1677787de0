"""Who is on call on which days, and the overrides among them."""


def lines(person):
    return [line for line in person.last.words.splitlines() if "<@" in line]


def test_the_coming_week_is_shown_with_its_override_marked(ana):
    ana.types("/io schedule entries Payments")

    marked = [line for line in lines(ana) if "_override_" in line]
    assert len(marked) == 1
    assert "<@U0GUS>" in marked[0]


def test_days_are_those_of_the_person(person):
    jo = person("jo")
    jo.types("/io schedule entries Payments tomorrow tomorrow")
    assert "2026-03-10 04:00 UTC to 2026-03-11 04:00 UTC" in jo.last.text


def test_a_name_of_several_words_may_be_followed_by_days(ana):
    ana.types("/io schedule entries Support in office hours from wed to fri")
    assert "2026-03-11 00:00 UTC to 2026-03-14 00:00 UTC: 3 shifts" in ana.last.text
    assert len(lines(ana)) == 3


def test_days_without_anybody_on_call_say_so_loudly(ana):
    ana.types("/io schedule entries Support sat sun")
    assert "⚠️ *Nobody is on call* in all of this time" in ana.last.words


SENSELESS = [
    ("Payments someday", "“someday” is not a day"),
    ("Payments fri yesterday", "ends before it starts"),
    ("Payments 2026-01-01 2026-12-31", "At most 92 days"),
    ("Payments today tomorrow more", "do not know what to do with “more”"),
    ("Payments <!channel>", "!channel"),
]


def test_days_that_make_no_sense_are_explained(ana):
    for words, said in SENSELESS:
        ana.types(f"/io schedule entries {words}")
        assert said in ana.last.text
        assert "<!" not in ana.last.text
        assert "Usage: `/io schedule entries [schedule] [from] [to]" in ana.last.text


def test_no_schedule_at_all_is_asked_for(ana):
    ana.types("/io schedule entries")
    ana.chooses("Choose", "Payments", message=ana.last)
    assert ana.last.text.startswith("Payments, ")


def test_long_lists_are_paged(ana):
    ana.types("/io schedule entries Platform today +60d")
    assert len(lines(ana)) == 40
    ana.presses("Next")
    assert 0 < len(lines(ana)) <= 40


def test_the_overrides_of_a_schedule_are_listed(ana, clock):
    ana.types("/io overrides Payments")
    assert "Payments: 1 override" in ana.last.text
    assert "<@U0GUS>: <!date^" in ana.last.words

    clock.advance(days=1, hours=1)
    ana.types("/io overrides Payments")
    assert "<@U0GUS>: now, until <!date^" in ana.last.words

    clock.advance(days=1)
    ana.types("/io overrides Payments")
    assert "None. The rotations decide who is on call." in ana.last.words
