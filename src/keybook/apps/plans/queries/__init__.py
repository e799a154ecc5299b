"""Reads of the plans: whose time it is, what lies in it, what the page of a week or a month shows."""
