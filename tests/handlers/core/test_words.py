"""Any text can be cut into words and put together again."""

from hypothesis import given
from hypothesis import strategies as st

from handlers import GROUPS
from handlers.core.arguments.tokens import join, nearest, split, take_page
from handlers.core.pipeline.router import (
    HelpRequest,
    Invocation,
    Router,
    UnknownCommand,
)

ROUTER = Router(GROUPS)
words = st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters='"'),
    min_size=1,
    max_size=20,
)


@given(st.lists(words.filter(lambda w: w.strip()), max_size=6))
def test_joined_words_are_cut_in_the_same_places(pieces):
    assert split(join(pieces)) == pieces


@given(st.text(max_size=5000))
def test_any_line_means_something(line):
    assert isinstance(ROUTER.route(line), Invocation | HelpRequest | UnknownCommand)


@given(
    st.sampled_from(sorted(ROUTER.commands)),
    st.integers(0, 30),
    st.characters(categories=["Ll"]),
)
def test_a_letter_too_much_finds_the_phrase_or_something_like_it(phrase, at, letter):
    typed = phrase[:at] + letter + phrase[at:]

    meant = ROUTER.route(typed)

    assert not isinstance(meant, UnknownCommand) or meant.instead or len(phrase) < 5


def test_quotes_keep_words_together_and_apostrophes_are_letters():
    assert split("""a "b c" d'e “f g” "h""") == ["a", "b c", "d'e", "f g", '"h']
    assert split("„a b“ „c d” ”e f” «g h» «i") == ["a b", "c d", "e f", "g h", "«i"]


def test_the_page_is_taken_out_of_the_words():
    pieces = ["live", "page:3"]

    assert take_page(pieces) == 3
    assert pieces == ["live"]


def test_what_nothing_resembles_has_no_nearest():
    assert nearest("zzzz", ["incident", "severity"]) is None
