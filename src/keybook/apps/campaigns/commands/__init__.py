"""The verbs of a campaign: draft it, launch it, end it, and what its tasks hear of; every face calls these."""

from keybook.apps.campaigns.commands.drafting import Draft, change, draft
from keybook.apps.campaigns.commands.ending import end
from keybook.apps.campaigns.commands.hearing import tell
from keybook.apps.campaigns.commands.launching import launch

__all__ = ["Draft", "change", "draft", "end", "launch", "tell"]
