"""Slack's own SDK as a judge of limits: the stand-in takes as much, and no more."""

import pytest
from slack_sdk.models import blocks as sdk
from slack_sdk.models.views import View

from sandbox.slack.block_kit.blocks import check_message
from sandbox.slack.block_kit.views import check_view


def plain(words):
    return {"type": "plain_text", "text": words}


def marked(words):
    return {"type": "mrkdwn", "text": words}


def section(**more):
    return {"type": "section", "text": marked("x"), **more}


def within(*elements):
    return {"type": "actions", "elements": list(elements)}


def button(number=0, **more):
    named = {"type": "button", "action_id": f"a{number}", "text": plain("Go")}
    return named | more


def option(number=0, **more):
    return {"text": plain("Go"), "value": f"v{number}"} | more


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": [option()]} | more


def confirm(**more):
    said = {"title": plain("Sure"), "text": plain("Well"), "confirm": plain("Yes")}
    return within(button(confirm=said | {"deny": plain("No")} | more))


def image(**more):
    return {"type": "image", "image_url": "https://a.example", "alt_text": "x"} | more


def card(**more):
    return {"type": "card", "title": marked("x")} | more


def container(**more):
    inside = {"title": plain("x"), "child_blocks": [{"type": "divider"}]}
    return {"type": "container"} | inside | more


def video(**more):
    url = "https://a.example"
    urls = {"title_url": url, "thumbnail_url": url, "video_url": url}
    return {"type": "video", "alt_text": "x", "title": plain("x")} | urls | more


def feedback(**more):
    half = {"text": plain("Good"), "value": "good"}
    both = {"positive_button": half | more, "negative_button": half}
    element = {"type": "feedback_buttons", "action_id": "f"} | both
    return beside(element)


def beside(*elements):
    return {"type": "context_actions", "elements": list(elements)}


def icon(number):
    named = {"type": "icon_button", "action_id": f"i{number}", "icon": "trash"}
    return named | {"text": plain("Go")}


def letters(number):
    return "x" * number


def address(number):
    return "https://a.example/".ljust(number, "x")


Block, Section, Image = sdk.Block, sdk.SectionBlock, sdk.ImageBlock
Card, Container, Confirm = sdk.CardBlock, sdk.ContainerBlock, sdk.ConfirmObject
Button, Feedback = sdk.ButtonElement, sdk.FeedbackButtonObject
BLOCKS = {
    "block_id": (Block.block_id_max_length, lambda n: section(block_id=letters(n))),
    "section": (Section.text_max_length, lambda n: section(text=marked(letters(n)))),
    "fields": (Section.fields_max_length, lambda n: section(fields=[marked("x")] * n)),
    "image_url": (
        Image.image_url_max_length,
        lambda n: image(image_url=address(n)),
    ),
    "alt_text": (Image.alt_text_max_length, lambda n: image(alt_text=letters(n))),
    "image title": (Image.title_max_length, lambda n: image(title=plain(letters(n)))),
    "actions": (
        sdk.ActionsBlock.elements_max_length,
        lambda n: within(*map(button, range(n))),
    ),
    "context actions": (
        sdk.ContextActionsBlock.elements_max_length,
        lambda n: beside(*map(icon, range(n))),
    ),
    "context": (
        sdk.ContextBlock.elements_max_length,
        lambda n: {"type": "context", "elements": [marked("x")] * n},
    ),
    "header": (
        sdk.HeaderBlock.text_max_length,
        lambda n: {"type": "header", "text": plain(letters(n))},
    ),
    "markdown": (
        sdk.MarkdownBlock.text_max_length,
        lambda n: {"type": "markdown", "text": letters(n)},
    ),
    "video title": (
        sdk.VideoBlock.title_max_length,
        lambda n: video(title=plain(letters(n))),
    ),
    "author": (
        sdk.VideoBlock.author_name_max_length,
        lambda n: video(author_name=letters(n)),
    ),
    "card title": (Card.title_max_length, lambda n: card(title=marked(letters(n)))),
    "card subtitle": (
        Card.subtitle_max_length,
        lambda n: card(subtitle=marked(letters(n))),
    ),
    "card body": (Card.body_max_length, lambda n: card(body=marked(letters(n)))),
    "container title": (
        Container.title_max_length,
        lambda n: container(title=plain(letters(n))),
    ),
    "container subtitle": (
        Container.subtitle_max_length,
        lambda n: container(subtitle=plain(letters(n))),
    ),
    "children": (
        Container.child_blocks_max_length,
        lambda n: container(child_blocks=[{"type": "divider"}] * n),
    ),
    "carousel": (
        sdk.CarouselBlock.elements_max_length,
        lambda n: {"type": "carousel", "elements": [card()] * n},
    ),
    "feedback text": (
        Feedback.text_max_length,
        lambda n: feedback(text=plain(letters(n))),
    ),
    "feedback value": (Feedback.value_max_length, lambda n: feedback(value=letters(n))),
    "action_id": (
        sdk.InteractiveElement.action_id_max_length,
        lambda n: within(button(action_id=letters(n))),
    ),
    "placeholder": (
        sdk.InputInteractiveElement.placeholder_max_length,
        lambda n: within(select(placeholder=plain(letters(n)))),
    ),
    "button": (
        Button.text_max_length,
        lambda n: within(button(text=plain(letters(n)))),
    ),
    "url": (Button.url_max_length, lambda n: within(button(url=address(n)))),
    "value": (Button.value_max_length, lambda n: within(button(value=letters(n)))),
    "options": (
        sdk.StaticSelectElement.options_max_length,
        lambda n: within(select(options=[*map(option, range(n))])),
    ),
    "option": (
        sdk.Option.label_max_length,
        lambda n: within(select(options=[option(text=plain(letters(n)))])),
    ),
    "option value": (
        sdk.Option.value_max_length,
        lambda n: within(select(options=[option(value=letters(n))])),
    ),
    "overflow": (
        sdk.OverflowMenuElement.options_max_length,
        lambda n: within(select(type="overflow", options=[*map(option, range(n))])),
    ),
    "confirm title": (
        Confirm.title_max_length,
        lambda n: confirm(title=plain(letters(n))),
    ),
    "confirm text": (
        Confirm.text_max_length,
        lambda n: confirm(text=plain(letters(n))),
    ),
    "confirm": (
        Confirm.confirm_max_length,
        lambda n: confirm(confirm=plain(letters(n))),
    ),
    "deny": (Confirm.deny_max_length, lambda n: confirm(deny=plain(letters(n)))),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_takes_what_the_sdk_says_and_no_more(name):
    most, build = BLOCKS[name]

    assert check_message([build(most)]) == []
    assert check_message([build(most + 1)]) != []


def view(**more):
    drawn = {"title": plain("x"), "blocks": [{"type": "divider"}]}
    return {"type": "modal", "submit": plain("Go")} | drawn | more


VIEWS = {
    "title": (View.title_max_length, lambda n: view(title=plain(letters(n)))),
    "close": (View.close_max_length, lambda n: view(close=plain(letters(n)))),
    "submit": (View.submit_max_length, lambda n: view(submit=plain(letters(n)))),
    "blocks": (
        View.blocks_max_length,
        lambda n: view(blocks=[{"type": "divider"}] * n),
    ),
    "private_metadata": (
        View.private_metadata_max_length,
        lambda n: view(private_metadata=letters(n)),
    ),
    "callback_id": (
        View.callback_id_max_length,
        lambda n: view(callback_id=letters(n)),
    ),
    "label": (
        sdk.InputBlock.label_max_length,
        lambda n: view(blocks=[entry(label=plain(letters(n)))]),
    ),
    "hint": (
        sdk.InputBlock.hint_max_length,
        lambda n: view(blocks=[entry(hint=plain(letters(n)))]),
    ),
}


def entry(**more):
    element = {"type": "plain_text_input", "action_id": "t"}
    return {"type": "input", "label": plain("x"), "element": element} | more


@pytest.mark.parametrize("name", VIEWS)
def test_a_modal_takes_what_the_sdk_says_and_no_more(name):
    most, build = VIEWS[name]

    assert check_view(build(most)) == []
    assert check_view(build(most + 1)) != []
