"""What is stored of the relationship ledger."""
