"""What customers are given, within limits and never by one person alone above them."""
