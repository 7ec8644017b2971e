"""The arrows of DESIGN as a table: an import points down, never up or sideways."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "img2img"

# from the top down; a name is a file or a folder of img2img/, __init__ the functions it lends out
LAYERS = {
    "surface": "__main__ __init__ cli commands",
    "verbs upon verbs": "scoring",
    "verbs": "train translate evaluate check preview curve foreign enlargements generate lab"
    " compare set_scoring",
    "runs": "run",
    "assembly": "modes views presets config options generator naming couples judging extremes"
    " translations chart enlarging learned models perception weights sampler interpolation"
    " arithmetic request provenance drawings segmenting page collecting observers gathering"
    " ensembles inquiry measuring album publishing remembering round_trips samplings"
    " variety material nearness extras known disclosure",
    "translation": "trainers networks data",
    "base": "base",
    "ground": "images encodings formats files",
}
# whose files may know each other; verbs, and the folders of the translation half, may not
MINGLE = {"surface", "assembly", "ground"}

LAYER = {name: layer for layer, names in LAYERS.items() for name in names.split()}
HEIGHT = {layer: -row for row, layer in enumerate(LAYERS)}


def module(path: Path) -> str:
    """img2img/base/pool.py is base.pool."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)


FILES = {module(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> Iterator[str]:
    """Every module of ours that a file imports, inside functions and for types alone too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively; write the whole name"
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in found:
            top, _, rest = name.partition(".")
            if top == "img2img":
                yield known(rest)


def known(name: str) -> str:
    """The module that `name`, or its last part, stands in."""
    while name and name not in FILES:
        name = name.rpartition(".")[0]
    return name or "__init__"


ARROWS = sorted({(name, target) for name, path in FILES.items() for target in imported(path)})


def allowed(source: str, target: str) -> bool:
    above, below = source.split(".")[0], target.split(".")[0]
    if above == below:
        return True
    upper, lower = LAYER[above], LAYER[below]
    return HEIGHT[upper] > HEIGHT[lower] or (upper == lower and upper in MINGLE)


def test_every_file_stands_in_a_layer() -> None:
    standing = {name.split(".")[0] for name in FILES}
    new, gone = standing - LAYER.keys(), LAYER.keys() - standing
    assert not new, f"{sorted(new)} stand in no layer: write them into LAYERS, and say why there"
    assert not gone, f"{sorted(gone)} are in LAYERS, but not in img2img/: take them out"


def test_an_import_points_down() -> None:
    wrong = [
        f"{source} -> {target} ({LAYER[source.split('.')[0]]} -> {LAYER[target.split('.')[0]]})"
        for source, target in ARROWS
        if not allowed(source, target)
    ]
    assert not wrong, "these imports point up or sideways: " + "; ".join(wrong)


def test_the_arrows_are_read_at_all() -> None:
    assert ("trainers.pix2pix", "base.adversarial") in ARROWS
    assert ("commands.train", "train") in ARROWS  # inside a function
    assert ("__init__", "models") in ARROWS  # for types alone
    assert not allowed("base.trainer", "networks")
    assert not allowed("trainers.pix2pix", "networks.unet")
    assert not allowed("data.sets", "networks")
    assert not allowed("train", "translate")


def test_no_circle_of_imports() -> None:
    targets = {name: {b for a, b in ARROWS if a == name and b != a} for name in FILES}
    targets["__init__"] = set()  # lends out functions when they are asked for
    while leaves := [name for name, found in targets.items() if not found & targets.keys()]:
        for name in leaves:
            del targets[name]
    assert not targets, f"a circle runs through {sorted(targets)}"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("accelerate", {"base.runtime"}),
        ("albumentations", {"data.library"}),
        ("cv2", {"data.library"}),
        ("imagecodecs", {"formats.png"}),
        ("matplotlib", {"chart", "lab.plots"}),
        ("nibabel", {"formats.medical"}),
        ("pydicom", {"formats.medical"}),
        ("tifffile", {"formats.tiff"}),
        ("torchvision", set()),
    ],
)
def test_a_library_is_known_to_one_file(library: str, homes: set[str]) -> None:
    found = set()
    for name, path in FILES.items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name for each in names if each.split(".")[0] == library}
    assert found <= homes


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "name", ["config", "presets", "cli", "images", "files", "couples", "base.growth"]
)
def test_what_needs_no_torch_imports_none(name: str) -> None:
    code = (
        f"import sys, img2img.{name}; print([m for m in ('torch', 'kornia') if m in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_the_package_itself_imports_nothing_heavy() -> None:
    code = "import sys, typing; old = {*sys.modules}; import img2img; print({*sys.modules} - old)"
    assert fresh(code) == "{'img2img'}"


def test_the_core_plays_a_game_without_the_translation_half() -> None:
    code = """
        import sys
        from importlib.abc import MetaPathFinder

        class Deleted(MetaPathFinder):
            def find_spec(self, name, path=None, target=None):
                kept = ("base", "images", "encodings", "formats", "files")
                if name.startswith("img2img.") and name.split(".")[1] not in kept:
                    raise ImportError(f"{name} is deleted")

        sys.meta_path.insert(0, Deleted())
        from collections import namedtuple
        from importlib import import_module
        from pathlib import Path
        import img2img
        for path in sorted(Path(img2img.__file__).parent.glob("base/[a-z]*.py")):
            import_module(f"img2img.base.{path.stem}")

        import torch
        from img2img.base import dcgan, progressive
        from img2img.base.growth import Growth
        from img2img.base.runtime import Runtime
        from img2img.base.trainer import Optimizer, fit
        from img2img.base.unconditional import Unconditional

        Batch = namedtuple("Batch", "x")
        batches = [Batch(torch.zeros(2, 3, 8, 8))] * 2

        def play(networks, first=0, growth=None):
            G = networks.Generator(latent=4, channels=2, size=8)
            D = networks.Discriminator(channels=2, size=8)
            game = Unconditional(G, D, latent=4, growth=growth)
            optimizers = {
                name: Optimizer(torch.optim.Adam(player.weights()), lambda step: 1e-3)
                for name, player in game.players.items()
            }
            steps = fit(game, batches, optimizers, Runtime("cpu"), first=first)
            return [([*step.losses], step.fakes.x.shape[-1]) for step in steps]

        fading = Growth(size=8, batch_size=2, fade=8, stable=2)
        print(play(dcgan) == play(progressive, 2, fading) == [(["D", "G"], 8)] * 2)
    """
    assert fresh(code) == "True"
