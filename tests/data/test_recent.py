from types import SimpleNamespace

import numpy as np

from img2img.data.recent import Recent


def test_what_was_made_is_kept_up_to_the_bound_and_the_oldest_goes_first():
    recent, made = Recent(100), []

    def get(key, size=40):
        recent.get(recent, key, lambda: (made.append(key), (np.zeros(size, np.uint8), None))[1])
        assert recent.bytes <= 100

    for key in "abacab":  # c needs the place of b, which lay longest, and then b that of c
        get(key)
    assert made == ["a", "b", "c", "b"]
    get("large", 101)
    assert recent.bytes == 0
    get("a")
    assert made[4:] == ["large", "a"]


def test_owners_have_their_own_even_after_one_is_gone():
    recent = Recent(1000)
    for number in range(20):  # unless a reference is kept, the next often has the same id
        owner = type("Owner", (), {})()
        [found] = recent.get(owner, 0, lambda number=number: (np.full(1, number, np.uint8),))
        assert found[0] == number


def test_the_workers_of_a_loader_share_the_bound(monkeypatch):
    recent = Recent(100)
    worker = SimpleNamespace(num_workers=2)
    monkeypatch.setattr("img2img.data.recent.get_worker_info", lambda: worker)
    for key in range(3):
        recent.get(recent, key, lambda: (np.zeros(25, np.uint8),))
    assert recent.bytes == 50
