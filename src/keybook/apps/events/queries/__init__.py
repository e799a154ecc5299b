"""What is known of events and their seats, inside the scope."""
