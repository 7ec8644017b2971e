import threading
from functools import partial

import numpy as np
import pytest

from img2img.base.metrics.collection import Observer
from img2img.base.metrics.features import Features
from img2img.base.metrics.mean import Mean
from img2img.collecting import collect
from img2img.images import UnreadableError


def picture(number):
    return np.full((2, 3, 1), number, np.uint8)


PICTURES = [partial(picture, number) for number in range(23)]
OBSERVERS = {
    "features": Observer(
        lambda picture: picture.mean(axis=(0, 1)),
        lambda rows, first: Features.of(np.stack(rows), first=first),
    ),
    "means": Observer(np.mean, lambda means, first: Mean.of(map(float, means))),
}


@pytest.mark.parametrize("batch", [1, 5, 23, 100])
@pytest.mark.parametrize("workers", [1, 4, None])
def test_neither_batches_nor_threads_change_anything(batch, workers):
    told = []
    found = collect(PICTURES, OBSERVERS, batch=batch, workers=workers, tell=told.append)
    assert found.count == 23
    assert found.states["features"].rows.tolist() == [[number] for number in range(23)]
    assert found.states["means"].value == 11
    assert told == [*range(batch, 23, batch), 23]


def test_of_no_picture_nothing_is_kept():
    found = collect([], OBSERVERS)
    assert (found.count, found.states) == (0, {})


def test_pictures_are_read_once_and_no_more_than_two_batches_ahead():
    lock, read = threading.Lock(), []
    ahead = []

    def reading(number):
        with lock:
            read.append(number)
        return picture(number)

    def observe(rows, first):
        ahead.append(len(read) - first)
        return Mean.of(map(float, rows))

    pictures = [partial(reading, number) for number in range(40)]
    collect(pictures, {"mean": Observer(np.mean, observe)}, batch=4)
    assert sorted(read) == [*range(40)]
    assert max(ahead) <= 3 * 4  # the batch itself and two more


def test_an_unreadable_file_is_named_and_ends_it():
    read = []

    def reading(number):
        read.append(number)
        if number == 2:
            raise UnreadableError("c.png is damaged; replace it")
        return picture(number)

    with pytest.raises(UnreadableError, match=r"^c\.png is damaged; replace it$"):
        collect([partial(reading, i) for i in range(100)], OBSERVERS, batch=2, workers=1)
    assert len(read) < 20


def test_a_picture_that_an_observer_refuses_is_numbered():
    def refuse(picture):
        raise ValueError("it is gray; give colours")

    with pytest.raises(ValueError, match=r"^picture 1: it is gray; give colours$"):
        collect(PICTURES, {"colours": OBSERVERS["means"]._replace(prepare=refuse)})


@pytest.mark.parametrize(("batch", "workers"), [(0, 1), (1, -1)])
def test_counts_below_1_are_one_sentence(batch, workers):
    with pytest.raises(ValueError, match=f"{batch} pictures by {workers} threads; give 1 or more"):
        collect(PICTURES, OBSERVERS, batch=batch, workers=workers)
