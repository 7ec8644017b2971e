import re

import pytest

from img2img.weights.catalogue import KNOWN
from img2img.weights.packages import READERS


@pytest.mark.parametrize("name", KNOWN)
def test_a_checksum_begins_as_the_name_of_its_file_says(name: str) -> None:
    entry = KNOWN[name]
    assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
    assert entry.url.startswith("https://")
    told = re.search(r"-([0-9a-f]{8})\.pth$", entry.url)
    assert told is None or entry.sha256.startswith(told[1])


def test_every_package_has_its_reader_and_is_pinned() -> None:
    packaged = {name: entry.package for name, entry in KNOWN.items() if entry.package}
    assert packaged.keys() == READERS.keys() == KNOWN.keys() - {"vgg19"}
    for package in packaged.values():
        assert re.fullmatch(r"[a-z0-9-]+==[\d.]+", package.requirement)
        assert re.fullmatch("[0-9a-f]{64}", package.sha256)
