"""Whatever a path's tree is, it is shown whole and within Slack's limits."""

from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import text
from blocks.paths import card as view
from blocks.paths import tree as path_tree
from incidentio import EscalationPath
from sandbox.slack.block_kit.blocks import check_message

words = st.text(max_size=60)
kinds = st.sampled_from(["level", "notify_channel", "delay", "repeat", "voicemail"])
seconds = st.none() | st.integers(0, 10**7)
targets = st.lists(
    st.fixed_dictionaries(
        {"id": words, "type": words, "urgency": words},
        optional={"schedule_mode": words, "selected_rota_id": words},
    ),
    max_size=12,
)
levels = st.fixed_dictionaries(
    {"targets": targets},
    optional={
        "time_to_ack_seconds": seconds,
        "time_to_ack_weekday_interval_config_id": words,
        "ack_mode": words,
        "round_robin_config": st.fixed_dictionaries({"enabled": st.booleans()}),
    },
)
steps = st.fixed_dictionaries(
    {"id": words, "type": kinds | words},
    optional={
        "level": levels,
        "delay": st.fixed_dictionaries({"delay_seconds": seconds}),
        "repeat": st.fixed_dictionaries({"to_node": words, "repeat_times": seconds}),
    },
)
conditions = st.builds(
    lambda subject, operation, values: {
        "subject": {"label": subject, "reference": "a"},
        "operation": {"label": operation, "value": "b"},
        "param_bindings": [{"array_value": [{"label": v} for v in values]}],
    },
    words,
    words,
    st.lists(words, max_size=30),
)
trees = st.recursive(
    st.lists(steps, max_size=8),
    lambda inner: st.builds(
        lambda asked, then, other, rest: [
            {
                "id": "if",
                "type": "if_else",
                "if_else": {
                    "conditions": asked,
                    "then_path": then,
                    "else_path": other,
                },
            },
            *rest,
        ],
        st.lists(conditions, max_size=3),
        inner,
        inner,
        inner,
    ),
    max_leaves=8,
)


def name(target):
    return f"{text.inline(target.type)} {text.code(target.id, 60)}"


@given(trees, words)
def test_each_page_of_any_tree_fits_in_a_message(tree, called):
    path = EscalationPath.model_validate({"id": "P", "name": called, "path": tree})
    lines = path_tree.lines(path, name)
    pages = path_tree.pages(lines)
    assert [line for page in pages for line in page] == lines
    for page in pages:
        blocks = view.card(path, page, origin="path show P", first=True)
        drawn = [block.to_dict() for block in blocks]
        assert check_message(drawn) == []
        shown = "\n".join(b["text"]["text"] for b in drawn if b["type"] == "section")
        assert all(line in shown for line in page)
