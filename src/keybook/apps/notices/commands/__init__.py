"""What is written: feeds, wishes, channels, notices, deliveries."""
