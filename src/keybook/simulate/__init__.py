"""The demo bank: a seeded simulator that keeps the truth its data was made from."""
