"""Encodings: how the pixels of a domain become the values that networks see, and back."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from img2img.encodings.labels import Labels
from img2img.encodings.levels import Levels

__all__ = ["Encoding", "Labels", "Levels", "described"]

Encoding = Levels | Labels
_ADAPTER: TypeAdapter[Encoding] = TypeAdapter(
    Annotated[Levels | Labels, Field(discriminator="kind")]
)


def described(data: Any) -> Encoding:
    """The encoding that `model_dump` described.

    Raises:
        pydantic.ValidationError: it describes none.
    """
    return _ADAPTER.validate_python(data)
