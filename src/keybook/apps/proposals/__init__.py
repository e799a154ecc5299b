"""The next best contact: what is proposed, why, and what became of it."""
