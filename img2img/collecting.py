"""collect: each picture is read once, in threads ahead of use, and observed in batches."""

import os
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import Any

from img2img.base.metrics.collection import Collection, Observer
from img2img.images import Picture, UnreadableError

MOST_WORKERS = 8

Prepared = dict[str, Any]  # what the observers made of one picture, by their names


def collect(
    pictures: Sequence[Callable[[], Picture]],
    observers: Mapping[str, Observer],
    *,
    batch: int = 32,
    workers: int | None = None,
    tell: Callable[[int], None] | None = None,
) -> Collection:
    """What the observers keep of these pictures; of none an empty collection.

    Args:
        pictures: Read one picture each, in any thread.
        observers: By the name of what they keep.
        batch: How many pictures are observed together; it changes no more than rounding.
        workers: Threads that read and prepare, at most two batches ahead; None: one per processor.
        tell: Is told the number of pictures done so far, after each batch.

    Raises:
        UnreadableError: names the file.
        ValueError: an observer refuses a picture, named by its number; or a count is below 1.
    """
    workers = workers or min(MOST_WORKERS, os.cpu_count() or 1)
    if batch < 1 or workers < 1:
        raise ValueError(f"{batch} pictures by {workers} threads; give 1 or more of both")
    total = Collection()
    with closing(_prepared(pictures, observers, workers, 2 * batch)) as ready:
        while some := list(islice(ready, batch)):
            states = {
                name: observer.observe([each[name] for each in some], total.count)
                for name, observer in observers.items()
            }
            total += Collection(len(some), states)
            if tell:
                tell(total.count)
    return total


def _prepared(
    pictures: Sequence[Callable[[], Picture]],
    observers: Mapping[str, Observer],
    workers: int,
    ahead: int,
) -> Generator[Prepared, None, None]:
    """In the order of the pictures, so many of them being worked on meanwhile."""
    waiting: deque[Future[Prepared]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for number, read in enumerate(pictures, 1):
                waiting.append(pool.submit(_prepare, number, read, observers))
                if len(waiting) > ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)  # after an error nobody wants the rest


def _prepare(
    number: int, read: Callable[[], Picture], observers: Mapping[str, Observer]
) -> Prepared:
    try:
        picture = read()
        return {name: observer.prepare(picture) for name, observer in observers.items()}
    except UnreadableError:
        raise  # names its file already
    except ValueError as error:
        raise ValueError(f"picture {number}: {error}") from error
