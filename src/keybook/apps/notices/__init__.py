"""What reaches the banker outside the pages: calendar feed, digest, urgent notices, deliveries."""
