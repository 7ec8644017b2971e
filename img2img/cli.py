"""img2img VERB: finds the command, calls it, prints its errors in one line."""

import errno
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from cyclopts import App, CycloptsError, Parameter, UnknownOptionError

from img2img import __version__

app = App(
    name="img2img",
    help="Image-to-image translation: train a network, translate folders, evaluate.",
    version=__version__,
    suppress_keyboard_interrupt=False,
    default_parameter=Parameter(consume_multiple=True),  # --data.input.low 0 0 280
)
data = App(name="data", help="Check data sets, take them apart, or draw the built-in one.")
weights = App(name="weights", help="List the weights of frozen networks, or get them.")
COMMANDS = {  # loaded when called: --help waits for nothing
    "train": (app, "train:train", "Train a network; with no data given, on the built-in town."),
    "translate": (app, "translate:translate", "Translate a picture, or every picture of a folder."),
    "generate": (app, "generate:generate", "Draw pictures from noise, by seed."),
    "evaluate": (
        app,
        "evaluate:evaluate",
        "Compare pictures with their targets, or score a run.",
    ),
    "compare": (
        app,
        "compare:compare",
        "Compare two reports of evaluate, if their protocols agree.",
    ),
    "import": (app, "imports:import_", "Convert .pth weights of the reference implementation."),
    "check": (data, "data:check", "Look through a data set: what it is, and what must be mended."),
    "split": (data, "data:split_", "Split side-by-side AB pictures into OUT/A and OUT/B."),
    "preview": (data, "data:preview", "Draw what the networks of a run would really see."),
    "town": (
        data,
        "data:town",
        "Write pictures of the built-in town to OUT/A and OUT/B.",
    ),
    "lab": (app, "lab:lab", "Make one of the small experiments on which the theory rests."),
    "get": (weights, "weights:get", "Download weights, and keep what is needed of them."),
}
CONFIGURED = {("train",), ("data", "check"), ("data", "preview")}  # take all options of a run
for _name, (_app, _function, _help) in COMMANDS.items():
    _app.command(f"img2img.commands.{_function}", name=_name, help=_help)
app.command(data)
app.command(weights)


@weights.default
def listed(*, weights_dir: Path | None = None) -> int:
    """List the weights that are known, what needs them, and whether they are there.

    Parameters
    ----------
    weights_dir
        Where to look before the folder in IMG2IMG_WEIGHTS and the user's cache.
    """
    commands = import_module("img2img.commands.weights")  # a default cannot be named by a string
    return int(commands.list_(weights_dir))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        return int(code or 0)
    except CycloptsError as error:
        return failed(usage(error), 2)
    except KeyboardInterrupt:
        return failed("stopped; nothing more was saved", 130)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return failed(*explained(error))


def failed(message: str, code: int) -> int:
    """Say what is wrong, on the error stream; of several processes the first speaks for all."""
    if os.environ.get("RANK", "0") == "0":
        print(f"img2img: {message}", file=sys.stderr)
    return code


def usage(error: CycloptsError) -> str:
    """A wrong command line, in a sentence."""
    from img2img.options import likest

    text = usage_of(error.__cause__ or error)
    if isinstance(error, UnknownOptionError) and tuple(error.command_chain or ()) in CONFIGURED:
        key = str(error.token.keyword or error.token.value).lstrip("-").replace("-", "_")
        near = likest(key)
        if near and near.rpartition(".")[2] == key:  # the group was left out
            text = f"unknown option {key}, did you mean --{near.replace('_', '-')}?"
    return f"{' '.join(text.split()).rstrip('.')}; see img2img --help"


def usage_of(error: BaseException) -> str:
    """An error's sentence, pydantic's in our words."""
    from pydantic import ValidationError

    from img2img.options import complaint

    return complaint(error) if isinstance(error, ValidationError) else str(error)


def explained(error: Exception) -> tuple[str, int]:
    """An error's sentence and exit code; what is no user's error is raised on."""
    codes: dict[str, int] = {
        "UsageError": 2, "LockedError": 4, "CheckpointError": 5, "DivergedError": 6,
    }  # fmt: skip
    if isinstance(error, OSError):
        if error.errno == errno.ENOSPC:
            file = error.filename or "what is to be written"
            return f"no space left on the disk for {file}; free some and start again", 1
        if error.filename is not None and error.strerror:
            return f"{error.filename}: {error.strerror.lower()}", 1
        return str(error), 1
    kind = type(error).__name__
    if kind == "ValidationError":
        return usage_of(error), 2
    if kind == "OutOfMemoryError":
        return (
            "the device has too little memory; choose a smaller --size or --batch-size, or a larger"
            " --optimization.accumulate", 1,
        )  # fmt: skip
    if kind == "StoppedError":
        return str(error), 128 + int(getattr(error, "signal_number", signal.SIGTERM))
    if kind in codes or isinstance(error, ValueError):
        return str(error), codes.get(kind, 1)
    raise error
