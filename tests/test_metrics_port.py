"""The metrics of a process that serves nothing else."""

from __future__ import annotations

import socket

import pytest
import requests

from runtime import processes


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_they_are_served_where_a_port_is_set(bot, settings, port):
    bot.metrics.reminded("sent", kind="channel")
    asked = settings.model_copy(update={"metrics_port": port})
    address = f"http://127.0.0.1:{port}/metrics"
    with processes.measured(asked, bot):
        said = requests.get(address, timeout=30).text
    assert 'incidentio_bot_reminders_total{event="sent",kind="channel"} 1.0' in said
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=30)


def test_a_port_that_is_taken_is_said(bot, settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        asked = settings.model_copy(update={"metrics_port": taken.getsockname()[1]})
        with pytest.raises(OSError, match="in use"), processes.measured(asked, bot):
            pass
