"""The part of incident.io's API that is used here, as a judge of requests and answers.

``incidentio.json`` is made from the vendor's OpenAPI document by ``trim.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.contract.judge import Contract

WHERE = Path(__file__).parent / "incidentio.json"
CONTRACT = Contract(json.loads(WHERE.read_text()))
