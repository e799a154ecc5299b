"""Reads of the next best contact: what it is decided from, what is shown, what became of it."""
