from __future__ import annotations

from incidentio.models.base import Model, When
from incidentio.models.users import User


class Override(Model):
    id: str
    schedule_id: str
    rotation_id: str
    layer_id: str
    start_at: When
    end_at: When
    user: User | None = None
    created_at: When | None = None
    updated_at: When | None = None
