"""The contract as it is in the repository; without its file, nothing here imports."""

from __future__ import annotations

import json

from tests.contract import WHERE
from tests.contract.judge import Contract

CONTRACT = Contract(json.loads(WHERE.read_text()))
