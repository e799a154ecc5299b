"""What is stored of the handover of books."""
