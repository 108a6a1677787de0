"""Whatever a workflow holds, Slack takes the card, the list and the forms of it."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from blocks.kit import deletion, messages
from blocks.kit.edit import Edit, fingerprints
from blocks.kit.form import read_view
from blocks.workflows import card as workflows
from blocks.workflows import forms as workflow_forms
from handlers.workflows import changes
from incidentio import Workflow
from sandbox.slack.block_kit.input_state import values_of
from sandbox.slack.block_kit.views import check_view
from slack.newer_blocks import drawn
from tests.blocks.drawing import pages_nobody, problems, words
from tests.incidentio.workflow_samples import Maker


class Content:
    """Something to make any workflow of, with these words wherever people write."""

    def __init__(self, seed, written):
        self.seed, self.written = seed, written

    def __repr__(self):
        return f"Content({self.seed}, {[w[:99] for w in self.written]})"

    def workflow(self):
        random = Random(self.seed)
        shown = self._rewritten(Maker(self.seed).workflow(), random)
        by = random.choice(["terraform", *self.written])
        return Workflow.model_validate({**shown, "management_meta": {"managed_by": by}})

    def _rewritten(self, node, random, name=""):
        if isinstance(node, dict):
            return {k: self._rewritten(v, random, k) for k, v in node.items()}
        if isinstance(node, list):
            once = [self._rewritten(value, random, name) for value in node]
            return once * random.choice([1, 1, 1, 12]) if name in LONG else once
        return random.choice(self.written) if name in WRITTEN and node else node


content = st.builds(
    Content, st.integers(0, 2**32), st.lists(words, min_size=1, max_size=4)
)
WRITTEN = {"name", "label", "reference_label", "literal", "folder", "shortform"}
WRITTEN |= {"title", "type", "state", "private_incident_scope", "managed_by", "source"}
LONG = {"steps", "array_value", "conditions", "once_for", "owning_team_ids"}


@given(content)
def test_a_workflows_card_and_all_of_it(made):
    workflow = made.workflow()
    card = workflows.card(workflow)
    whole = [messages.section(chunk) for chunk in workflows.whole(workflow)]
    assert problems(card) == []
    assert problems(whole[:4]) == []
    assert pages_nobody([*card, *whole])


@given(content, words)
def test_a_list_of_workflows(made, heading):
    blocks = workflows.listing([made.workflow()] * 25, heading)
    assert problems(blocks) == []
    assert pages_nobody(blocks)


def as_submitted(form):
    view = form.view().to_dict()
    for taken in ({"alert"}, ()):
        assert check_view({**view, "blocks": drawn(view["blocks"], taken)}) == []
    view["blocks"] = drawn(view["blocks"], {"alert"})
    return {**view, "state": {"values": values_of(view["blocks"], {}, None)}}


@given(content)
def test_the_form_of_a_workflow_that_nobody_touched_says_what_it_is(made):
    workflow = made.workflow()
    fields = workflow_forms.fields(workflow)
    form = workflow_forms.form(workflow, changes.fingerprints(workflow), fields)
    read = read_view(as_submitted(form))
    assert read.keys() == {field.name for field in fields}
    assert not Edit.of(fingerprints(fields), read, fields).changed


@given(content)
def test_the_question_whether_to_delete_a_workflow(made):
    workflow = made.workflow()
    form = deletion.form(
        workflow_forms.DELETE,
        "workflow",
        workflow.name,
        losses=workflow_forms.losses(workflow),
        context=(),
        memory={"workflow": workflow.id},
        again=True,
    )
    as_submitted(form)
