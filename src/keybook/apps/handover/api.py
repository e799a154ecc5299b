"""The JSON face of the handover of books."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["handover of books"])
