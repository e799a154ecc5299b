"""What is stored of the gate before a contact."""
