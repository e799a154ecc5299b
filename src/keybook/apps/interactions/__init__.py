"""What was said and done with customers; corrections keep the original."""
