"""An app that shows what the bot does not use: stacks of modals, cards, feedback."""

from contextlib import contextmanager
from threading import Event

from flask import Flask, request
from slack_bolt import App
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

from sandbox.backstage.stage import Stage
from sandbox.serve import serve
from sandbox.world import World


def words(text):
    return {"type": "plain_text", "text": text}


def marked(text):
    return {"type": "mrkdwn", "text": text}


def button(name, **more):
    return {"type": "button", "action_id": name, "text": words(name)} | more


def entry(name, element, **more):
    label = {"type": "input", "block_id": name, "label": words(name)}
    return label | {"element": element | {"action_id": name}} | more


def option(name):
    return {"text": words(name), "value": name.lower()}


def modal(title, *blocks, **more):
    view = {"type": "modal", "title": words(title), "submit": words("Save")}
    return view | {"callback_id": title, "blocks": list(blocks)} | more


FORM = modal(
    "Report",
    entry("Title", {"type": "plain_text_input", "max_length": 60, "min_length": 3}),
    entry("Mail", {"type": "email_text_input"}, optional=True),
    entry("Team", {"type": "external_select", "min_query_length": 1}, optional=True),
    entry(
        "Due",
        {"type": "datetimepicker", "initial_date_time": 1_790_000_000},
        optional=True,
    ),
    {"type": "actions", "elements": [button("Add a step"), button("Hold")]},
)
STEP = modal("Step", entry("What", {"type": "plain_text_input", "multiline": True}))
ASKED = {
    "title": words("Delete it?"),
    "text": marked("*Everybody* loses it."),
    "confirm": words("Delete"),
    "deny": words("Keep"),
    "style": "danger",
}


def _said(text):
    leaf = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [leaf]}
    return {"type": "rich_text", "elements": [section]}


def _task(number, title, status, **more):
    return {"task_id": str(number), "title": title, "status": status} | more


def _card(title, body, *actions, **more):
    named = {"type": "card", "title": marked(f"*{title}*"), "body": marked(body)}
    return named | ({"actions": list(actions)} if actions else {}) | more


SOURCES = [{"type": "url", "url": "https://x.example/logs", "text": "Logs"}]
CARDS = [
    {
        "type": "carousel",
        "elements": [
            _card(
                "INC-39 Checkout is slow",
                "One payment in five fails.",
                button("Resolve", style="danger", confirm=ASKED),
                button("Open", style="primary"),
                slack_icon={"type": "icon", "name": "warning"},
                subtitle=marked("Major · Investigating"),
                subtext=marked("Opened 2 h ago"),
            ),
            *(
                _card(f"INC-{n} Search lags", "Nobody leads it.", button(f"Lead {n}"))
                for n in (40, 41, 42)
            ),
        ],
    },
    {
        "type": "plan",
        "title": "Find the cause",
        "tasks": [
            _task(1, "Read the logs", "complete", output=_said("12 errors.")),
            _task(2, "Compare releases", "in_progress", sources=SOURCES),
            _task(3, "Ask the database", "error", details=_said("It is silent.")),
            _task(4, "Write it down", "pending"),
        ],
    },
    {"type": "task_card", **_task(5, "Tell everybody", "pending")},
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "rate",
                "positive_button": {"text": words("👍"), "value": "good"}
                | {"accessibility_label": "This helped"},
                "negative_button": {"text": words("👎"), "value": "bad"}
                | {"accessibility_label": "This did not help"},
            },
            {
                "type": "icon_button",
                "action_id": "drop",
                "icon": "trash",
                "text": words("Delete"),
                "value": "all",
            },
        ],
    },
    {
        "type": "section",
        "text": marked(
            "How bad is it? <!date^1790000000^{date_pretty} at {time}|then>"
        ),
        "accessory": {
            "type": "static_select",
            "action_id": "grade",
            "options": [option("Minor"), option("Major")],
            "initial_option": option("Minor"),
            "confirm": ASKED,
        },
    },
    {"type": "actions", "elements": [button("Hold")]},
]


class Gallery:
    """The app, what it was told, and whether it acknowledges yet."""

    def __init__(self, world):
        self.world = world
        self.told = []
        self.saved = []
        self.free = Event()
        self.bolt = App(
            client=WebClient("xoxb-sandbox", base_url=f"{world.slack_url}/api/"),
            signing_secret="sandbox",
            process_before_response=True,
        )
        self.bolt.command("/io")(self.command)
        for name in ("Open", "Resolve", "Lead 40", "rate", "drop", "grade"):
            self.bolt.action(name)(self.acted)
        self.bolt.action("Hold")(self.held)
        self.bolt.action("Add a step")(self.push)
        self.bolt.options("Team")(self.teams)
        for name in ("Report", "Step"):
            self.bolt.view(name)(self.save)

    def command(self, ack, command, client, respond):
        ack()
        if command["text"] == "cards":
            respond(text="Cards", blocks=CARDS, response_type="in_channel")
        else:
            client.views_open(trigger_id=command["trigger_id"], view=FORM)

    def acted(self, ack, action):
        ack()
        self.told.append(action)

    def held(self, ack, action):
        self.free.wait(10)
        self.acted(ack, action)

    def push(self, ack, body, client):
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=STEP)

    def teams(self, ack, payload):
        self.free.wait(10)
        ack(options=[option(f"{payload['value']} team")])

    def save(self, ack, view):
        self.free.wait(10)
        ack()
        self.saved.append(view["state"]["values"])


@contextmanager
def opened():
    """Serve the app and a workspace for it."""
    http = Flask("gallery")
    world = World(stage=Stage())
    gallery = Gallery(world)
    handler = SlackRequestHandler(gallery.bolt)
    http.post("/slack/events")(lambda: handler.handle(request))
    with serve(http) as server:
        world.slack.deliver_to(f"{server.url}/slack/events")
        try:
            yield gallery
        finally:
            gallery.free.set()
            world.close()
