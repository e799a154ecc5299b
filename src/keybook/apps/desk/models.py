"""The desk keeps no rows of its own."""
