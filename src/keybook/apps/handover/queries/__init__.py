"""What is read of handovers: books and past acts, the preview of one, neglected customers that wait, who had whom."""

from keybook.apps.handover.queries.books import (
    BookRow,
    Past,
    Person,
    book_rows,
    ledger,
    parts_of,
    past,
    past_one,
    wishes,
)
from keybook.apps.handover.queries.offers import Waiting, neglect_rule, waiting
from keybook.apps.handover.queries.preview import Asked, Introduction, Preview, preview

__all__ = [
    "Asked", "BookRow", "Introduction", "Past", "Person", "Preview", "Waiting", "book_rows", "ledger",
    "neglect_rule", "parts_of", "past", "past_one", "preview", "waiting", "wishes",
]  # fmt: skip
