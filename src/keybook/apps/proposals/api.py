"""The JSON face of the next best contact."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["next best contact"])
