"""The register: customers, relations, tiers, books, holdings, preferences."""
