"""Run the worked examples of docs/ as they are written, each in a folder of its own below OUT."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)


def run(document: Path, out: Path) -> None:
    """Every shell block of a document, one after the other; the first that fails ends it."""
    folder = out / document.stem
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "docs").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "small.yaml", folder / "docs")
    script = "\n".join(BLOCK.findall(document.read_text()))
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    subprocess.run(
        ["bash", "-exc", script], cwd=folder, env={**os.environ, "PATH": path}, check=True
    )


def main() -> None:
    """OUT, then the names of the documents; all that have shell blocks unless named."""
    out, *names = sys.argv[1:] or ["examples"]
    known = [
        path for path in sorted((ROOT / "docs").glob("*.md")) if BLOCK.search(path.read_text())
    ]
    for document in known:
        if not names or document.stem in names:
            run(document, Path(out).resolve())


if __name__ == "__main__":
    main()
