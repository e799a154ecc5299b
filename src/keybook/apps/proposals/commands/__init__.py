"""The verbs of the next best contact: decide it, and answer it."""

from keybook.apps.proposals.commands.answering import Said, answer
from keybook.apps.proposals.commands.proposing import follow_contact, follow_correction, propose, propose_all

__all__ = ["Said", "answer", "follow_contact", "follow_correction", "propose", "propose_all"]
