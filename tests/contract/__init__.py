"""The part of incident.io's API that is used here, as a judge of requests and answers.

``incidentio.json`` is made from the vendor's OpenAPI document by ``trim.py``.
"""

from pathlib import Path

WHERE = Path(__file__).parent / "incidentio.json"
