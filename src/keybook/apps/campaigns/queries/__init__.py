"""Reads of the campaigns: the board, one campaign with its targets and progress, and whom a draft would contact."""
