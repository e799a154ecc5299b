"""The verbs of the team: keep the day, let a list leave as a file, answer what waits for a second person."""
