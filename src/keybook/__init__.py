"""Keybook: the workplace for bank relationship managers and their key customers."""

__version__ = "0.3.0"
