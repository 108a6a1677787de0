"""Whatever is typed after the command, the person gets an answer."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import GROUPS
from handlers.core.pipeline.explain import MISTAKE
from handlers.core.pipeline.router import Router

PHRASES = sorted(Router(GROUPS).commands)
WORDS = (
    "INC-39",
    "40",
    "inc999999999999",
    "major",
    "page:2",
    "page:99999999999999999999",
    "page:x",
    "to",
    "@ben",
    "<@U0BEN>",
    "<@UNOBODY>",
    "#incidents",
    "<!channel>",
    "ana@acme.example",
    "“open quote",
    '"',
    "'",
    "\\",
    "`code`",
    "*_~",
    "--help",
    "tomorrow",
    "2026-02-30",
    "+3d",
    "fixing: &amp;",
    "🔥",
    "\u202e\u200d",
    "ﬁnal",
    "x" * 3000,
    "",
    "\n",
)
phrases = st.sampled_from(PHRASES)
typed = st.one_of(
    phrases,
    phrases.flatmap(lambda p: st.integers(0, len(p)).map(lambda n: p[:n] + p[n + 1 :])),
    st.text(max_size=20),
)
lines = st.builds(
    lambda first, rest: " ".join([first, *rest]),
    typed,
    st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=4),
)


def test_any_line_is_answered(ana):
    @settings(max_examples=150, suppress_health_check=list(HealthCheck))
    @given(lines)
    def answered(line):
        before = ana.sees()
        ana.types(f"/io {line}")
        after = ana.sees()
        assert ana.modal or len(after) > len(before), line
        assert not any(MISTAKE in message.text for message in after[len(before) :])
        while ana.modal:
            ana.closes()

    answered()
