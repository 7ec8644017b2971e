import os
import signal

import pytest

from img2img.run.stopping import stopping, until


def failing(after):
    yield from range(after)
    raise RuntimeError("DataLoader worker (pid 7) exited unexpectedly")


def test_batches_end_where_a_signal_took_the_loaders_workers():
    assert list(until([signal.SIGTERM], failing(2))) == [0, 1]


def test_workers_that_die_by_themselves_are_an_error():
    with pytest.raises(RuntimeError, match="worker"):
        list(until([], failing(2)))


def test_the_first_signal_is_noted_and_the_second_is_as_it_was_before():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("before"))
    try:
        with stopping() as stop:
            os.kill(os.getpid(), signal.SIGTERM)
            assert (stop, heard) == ([signal.SIGTERM], [])
            os.kill(os.getpid(), signal.SIGTERM)
            assert (stop, heard) == ([signal.SIGTERM], ["before"])
        os.kill(os.getpid(), signal.SIGTERM)
        assert heard == ["before", "before"]
    finally:
        signal.signal(signal.SIGTERM, before)
