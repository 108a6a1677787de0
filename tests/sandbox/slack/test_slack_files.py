"""Files: uploaded by Slack's own client, shown in messages and on the page."""

from datetime import timedelta

import pytest
import requests
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import ImageBlock

PNG = b"\x89PNG\r\n\x1a\nand so on"


@pytest.fixture
def uploaded(slack, web):
    """The id of a picture that Slack has."""
    return web.files_upload_v2(content=PNG, filename="chart.png")["files"][0]["id"]


def shown(file_id):
    return [ImageBlock(alt_text="A chart", slack_file={"id": file_id})]


def post(web, file_id):
    return web.chat_postMessage(
        channel="C0INCIDENTS", text="Look", blocks=shown(file_id)
    )


def test_a_picture_is_uploaded_and_shown(slack, web, uploaded):
    post(web, uploaded)
    (message,) = slack.messages("incidents")
    assert message.blocks[0]["slack_file"] == {"id": uploaded}
    assert "A chart" in message.words
    page = requests.get(f"{slack.url}/page?as=ana&channel=incidents", timeout=5)
    assert f"/files/{uploaded}" in page.text
    answer = requests.get(f"{slack.url}/files/{uploaded}", timeout=5)
    assert answer.content == PNG
    assert answer.headers["Content-Type"] == "image/png"


def test_what_is_not_ready_is_refused_until_it_is(slack, web, clock):
    slack.workspace.files.delay = timedelta(seconds=1)
    file_id = web.files_upload_v2(content=PNG, filename="a.png")["files"][0]["id"]
    with pytest.raises(SlackApiError) as refused:
        post(web, file_id)
    assert refused.value.response["errors"] == [
        "invalid slack file [json-pointer:/blocks/0/slack_file]"
    ]
    assert slack.violations == []
    clock.advance(seconds=1)
    post(web, file_id)


def test_a_file_that_never_was_is_a_violation(slack, web):
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        post(web, "F0NOTHING00")
    assert slack.violations == ["F0NOTHING00 is shown, which is no file"]


def test_only_pictures_can_be_shown(slack, web):
    answer = web.files_upload_v2(content=b"words", filename="words.txt")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        post(web, answer["files"][0]["id"])


def test_what_was_not_uploaded_cannot_be_completed(slack, web):
    place = web.files_getUploadURLExternal(filename="a.png", length=5)
    with pytest.raises(SlackApiError, match="file_not_found"):
        web.files_completeUploadExternal(files=[{"id": place["file_id"]}])


def test_an_upload_of_another_length_is_refused(slack, web):
    place = web.files_getUploadURLExternal(filename="a.png", length=5)
    answer = requests.post(place["upload_url"], data=b"four", timeout=5)
    assert answer.status_code == 400


def test_it_takes_the_scope(slack, web):
    slack.scopes.discard("files:write")
    with pytest.raises(SlackApiError, match="missing_scope"):
        web.files_getUploadURLExternal(filename="a.png", length=5)


def test_a_picture_is_either_a_file_or_an_address(slack, web, uploaded):
    both = {
        "type": "image",
        "alt_text": "A chart",
        "slack_file": {"id": uploaded},
        "image_url": "https://example.com/a.png",
    }
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        web.chat_postMessage(channel="C0INCIDENTS", text="Look", blocks=[both])
