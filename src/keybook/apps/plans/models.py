"""What is stored of the plans."""
