"""The JSON face of the relationship ledger."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["relationship ledger"])
