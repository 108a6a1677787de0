"""Loads the fixtures where tests run: the process that only hands them out has none.

While coverage is measured it has them too: it counts what is imported there.
"""

import pytest

pytest.register_assert_rewrite("tests.fixtures")


def pytest_configure(config):
    hands_out = config.getoption("dist", "no") != "no"
    measured = config.getoption("cov_source", None)
    if hasattr(config, "workerinput") or measured or not hands_out:
        config.pluginmanager.import_plugin("tests.fixtures")
