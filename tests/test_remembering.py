from concurrent.futures import ThreadPoolExecutor

import numpy as np

from img2img.remembering import Memory


def counting(shape=(2, 2, 1)):
    calls = []

    def make():
        calls.append(1)
        return np.full(shape, len(calls), np.uint8)

    return make, calls


def test_a_picture_is_made_once_whoever_asks_and_how_often():
    make, calls = counting()
    remembered = Memory()(make)
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda _: remembered(), range(20))]
    assert len(calls) == 1 and all(each is found[0] for each in found)


def test_what_has_no_room_is_made_anew():
    memory = Memory(limit=5)
    (first, firsts), (second, seconds) = counting(), counting()
    for made in (memory(first), memory(second)):
        for _ in range(3):
            assert made().nbytes == 4
    assert (len(firsts), len(seconds)) == (1, 3)
