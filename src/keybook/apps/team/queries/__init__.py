"""Reads of the team: the books as of a day, the lines over time, what waits for a second person."""
