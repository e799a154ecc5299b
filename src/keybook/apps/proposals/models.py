"""What is stored of the next best contact."""
