"""Commands of Django that are ours here."""
