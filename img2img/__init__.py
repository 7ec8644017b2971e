"""Image-to-image translation: train, translate and evaluate pix2pix, CycleGAN and SRGAN."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from img2img.compare import compare
    from img2img.evaluate import evaluate
    from img2img.generate import generate
    from img2img.models import load_generator
    from img2img.scoring import score
    from img2img.train import train
    from img2img.translate import translate

__version__ = "0.1.0"
__all__ = ["compare", "evaluate", "generate", "load_generator", "score", "train", "translate"]

# fetched when first asked for: `import img2img` costs nothing, torch and all
_HOMES = {name: name for name in ("compare", "evaluate", "generate", "train", "translate")} | {
    "load_generator": "models",
    "score": "scoring",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = function  # over the module of the same name
    return function
