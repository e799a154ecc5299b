"""Campaigns: whom one contacts and why, who is held out, the task of each contact and what came of it."""
