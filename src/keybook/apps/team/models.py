"""What is stored of the team."""
