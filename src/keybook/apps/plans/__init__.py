"""Contacts placed on days, within the capacity of those who make them."""
