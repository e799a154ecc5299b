"""The line that is typed while the customer stands there, and what is made of it."""
