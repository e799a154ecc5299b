"""The JSON face of the gate before a contact."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["gate before a contact"])
