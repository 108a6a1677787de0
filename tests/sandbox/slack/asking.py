"""What the tests of this folder build and ask with."""

import pytest
from slack_sdk.errors import SlackApiError


def refusal(call, *args, **kwargs):
    """Return the answer of the Web API that a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return caught.value.response


def text(words):
    return {"type": "plain_text", "text": words}
