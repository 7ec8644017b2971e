import warnings

import numpy as np
import pytest

from img2img import images
from img2img.data.looks import look

READ = images.read


def put(folder, count):
    files = [folder / f"{number}.png" for number in range(count)]
    for file in files:
        images.write(file, np.random.default_rng(0).integers(0, 256, (16, 24, 3), np.uint8))
    return files


def test_of_many_files_a_share_is_decoded_and_every_header_read(tmp_path):
    files = put(tmp_path, 7)
    looks = look(files, decoded=3)
    assert set(looks) == set(files)
    assert all((it.width, it.height, it.channels) == (24, 16, 3) for it in looks.values())
    assert sum(it.dtype == "uint8" for it in looks.values()) == 3
    files[-1].write_bytes(b"no picture")
    with pytest.raises(ValueError, match=r"1 of 7 pictures cannot be used:\n.*6\.png"):
        look(files, decoded=3)


def test_looking_leaves_warnings_as_they_were(tmp_path, monkeypatch):
    # two readers that silence warnings at once may each restore what the other had silenced
    monkeypatch.setattr(images, "read", lambda file: warnings.simplefilter("ignore") or READ(file))
    before = list(warnings.filters)
    look(put(tmp_path, 3))
    assert list(warnings.filters) == before


def test_no_files_have_no_looks():
    assert look([]) == {}
