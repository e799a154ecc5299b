"""The JSON face of the team."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["team"])
