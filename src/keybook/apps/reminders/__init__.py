"""Promises, occasions and signals; the ranked list of whom to contact."""
