"""Saving a memo, taking it back, joining a prospect to the bank's customer; every face calls these."""

from keybook.apps.memos.commands.joining import join, refuse
from keybook.apps.memos.commands.parting import part
from keybook.apps.memos.commands.saving import NEW, REFER, Confirmed, Saved, save
from keybook.apps.memos.commands.undoing import undo

__all__ = ["NEW", "REFER", "Confirmed", "Saved", "join", "part", "refuse", "save", "undo"]
