"""What is stored of the contact standards."""
