"""The JSON face of the contact standards."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["contact standards"])
