"""The HTML pages of the desk, one module per page."""
