"""Events and their seats: who is invited, who comes, who waits, who looks after whom."""
