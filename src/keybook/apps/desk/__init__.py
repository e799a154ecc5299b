"""The RM's desk: Today, the Customer page, search."""
