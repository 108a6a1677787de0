"""What the files of ``deploy/`` say, read as their programs read them."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = sorted((DEPLOY / "kubernetes").glob("*.yaml*"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(scope="session")
def image():
    """The instructions of the Dockerfile in order, as name and words."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


@pytest.fixture(scope="session")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="session")
def manifests():
    """Every object for Kubernetes."""
    return [
        found for file in KUBERNETES for found in yaml.safe_load_all(file.read_text())
    ]


@pytest.fixture(params=UNITS, ids=lambda file: file.stem)
def unit(request):
    """One systemd unit: each directive to its values."""
    found = {}
    for line in request.param.read_text().splitlines():
        if match := re.fullmatch(r"(\w+)=(.*)", line):
            found.setdefault(match[1], []).append(match[2])
    return found


def copied(image):
    """The paths of the repository that the image has, each to where it stands there."""
    own = [shlex.split(words) for name, words in image if name == "COPY"]
    return {
        source: target
        for *sources, target in own
        if not sources[0].startswith("--from")
        for source in sources
    }
