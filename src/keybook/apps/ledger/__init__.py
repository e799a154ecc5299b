"""The relationship ledger's weights, and the model that learns them beside the hand-set ones."""
