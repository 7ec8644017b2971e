"""Files and folders that appear whole under their final name, or not at all."""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

TEMPORARY = re.compile(r"\.tmp-(\d+)-[0-9a-f]+")


def write(path: Path, data: bytes) -> None:
    """Replace `path` by a file that holds `data`, in one step that survives a crash.

    A link at `path` is replaced, never followed; missing parent folders are made.

    Raises:
        OSError: names `path`; no space left, no permission, a folder in the way.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        with open(temporary, "xb") as file:  # the mode follows the umask, unlike mkstemp's 0600
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        with suppress(OSError):  # on a read-only disk it would hide the error that counts
            temporary.unlink(missing_ok=True)
    _sync(path.parent)


def check_writable(folder: Path) -> None:
    """Raise OSError now, not after the work, if nothing can be written there."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder):
        pass


@contextmanager
def folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A temporary folder beside `path`, renamed to `path` when the block ends well, else removed.

    Raises:
        FileExistsError: `path` exists already, and is not to be replaced.
        OSError: names what could not be written as it would be called below `path`.
    """
    path = Path(path)
    if path.exists() and not replace:
        raise FileExistsError(f"{path} exists already; remove it or choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _beside(path)
    try:
        temporary.mkdir()
        yield temporary
        _sync(temporary)
        _put(temporary, path)
    except OSError as error:
        if isinstance(error.filename, str) and Path(error.filename).is_relative_to(temporary):
            final = path / Path(error.filename).relative_to(temporary)
            raise OSError(error.errno, error.strerror, str(final)) from error
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _sync(path.parent)


@contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """A name beside `path` for what is needed meanwhile; gone when the block ends.

    Raises:
        OSError: speaks of `path` where the block could not write the other.
    """
    other = _beside(path)
    try:
        yield other
    except OSError as error:
        if error.filename in (None, str(other)) and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    finally:
        with suppress(OSError):  # it would hide the error that counts
            other.unlink(missing_ok=True)


def vacate(path: Path) -> None:
    """Make room for a folder at `path`, where nothing or an empty folder stands.

    Raises:
        ValueError: it cannot be removed: one stands in it, or it is a disk of its own.
    """
    try:
        if path.exists():
            path.rmdir()
    except OSError as error:
        raise ValueError(f"cannot replace {path} ({error.strerror}); name a new folder") from error


def _put(temporary: Path, path: Path) -> None:
    """Rename the one to the other, a folder that stands there making way until that is done."""
    if not path.exists():
        os.rename(temporary, path)
        return
    old = _beside(path)
    os.rename(path, old)
    try:
        os.rename(temporary, path)
    except BaseException:
        os.rename(old, path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def sweep(folder: Path) -> list[Path]:
    """Delete, and return, what processes that are gone left half-written in `folder`."""
    orphans = [path for path in Path(folder).iterdir() if _orphaned(path.name)]
    for path in orphans:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return orphans


def builtin(name: str) -> Path:
    """The folder of the built-in data set `name`, in the installed package or in the checkout.

    Raises:
        ValueError: there is none of that name.
    """
    package = Path(__file__).parent
    roots = [root for root in (package / "datasets", package.parent / "datasets") if root.is_dir()]
    known = sorted({path.name for root in roots for path in root.iterdir() if path.is_dir()})
    if name not in known:
        choices = ", ".join(known) or "none: the installation is incomplete"
        raise ValueError(f"unknown built-in data set {name!r}; choose from {choices}")
    return next(root / name for root in roots if (root / name).is_dir())


def _beside(path: Path) -> Path:
    return path.with_name(f".tmp-{os.getpid()}-{secrets.token_hex(4)}")


def _sync(folder: Path) -> None:
    """Make a rename inside `folder` durable, where the file system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _orphaned(name: str) -> bool:
    match = TEMPORARY.fullmatch(name)
    if match is None:
        return False
    try:
        os.kill(int(match[1]), 0)  # signal 0 asks whether the process lives
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False
