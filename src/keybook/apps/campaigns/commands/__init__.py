"""The verbs of a campaign: draft it, launch it, end it, and what its tasks hear of; every face calls these."""
