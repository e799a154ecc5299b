"""Contact standards: how often each tier is contacted, versioned and dated, with exceptions."""
