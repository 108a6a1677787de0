"""Loads the fixtures where tests run: the process that only hands them out has none."""

import pytest

pytest.register_assert_rewrite("tests.fixtures")


def pytest_configure(config):
    hands_out = config.getoption("dist", "no") != "no"
    if hasattr(config, "workerinput") or not hands_out:
        config.pluginmanager.import_plugin("tests.fixtures")
