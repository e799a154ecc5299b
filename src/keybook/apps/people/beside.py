"""Work on many rows whose reading and deciding go on while what was decided before is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

Batch = TypeVar("Batch")
Found = TypeVar("Found")
READERS = 2


def read_ahead(*, batches: Sequence[Batch], read: Callable[[Batch], Found], readers: int) -> Iterator[Found]:
    """Give what `read` makes of each batch, in order; with readers, so many batches are read at once.

    A reader has a connection of its own and sees what is committed: it may not be asked for what this transaction has
    written. While PostgreSQL works for one, Python works for the other. At most two more batches than there are readers
    are held at a time.
    """
    if readers < 1 or len(batches) <= 1:
        yield from map(read, batches)
        return
    waiting: deque[Future[Found]] = deque()
    with ThreadPoolExecutor(readers) as pool:
        for batch in batches:
            waiting.append(pool.submit(_apart, read, batch))
            if len(waiting) > readers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def beside(*reads: Callable[[], Any], readers: int) -> list[Any]:
    """What each of these reads gives; with readers they run at once, under the same condition.

    Inside a transaction they run one after the other on its own connection: it may hold tables that nobody else may read.
    """
    if readers < 1 or connection.in_atomic_block:
        return [read() for read in reads]
    with ThreadPoolExecutor(readers) as pool:
        return [each.result() for each in [pool.submit(_apart, lambda read: read(), read) for read in reads]]


def _apart(read: Callable[[Batch], Found], batch: Batch) -> Found:
    """Read on this thread's own connection, and give it back."""
    try:
        return read(batch)
    finally:
        connection.close()
