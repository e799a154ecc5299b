"""The JSON face: router, tokens, paging, problem details (RFC 9457)."""
