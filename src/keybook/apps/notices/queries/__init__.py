"""What is read: calendars, channels, digests, deliveries."""
