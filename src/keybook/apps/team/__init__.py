"""How well a branch looks after its customers, by banker and tier, and what waits for approval."""
