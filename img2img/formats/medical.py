"""DICOM and NIfTI, read only, through the `medical` extra."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from img2img.formats.pixels import Picture, check_pixels, supported, widened

DEFLATED = "1.2.840.10008.1.2.1.99"  # the whole file is one zlib stream of unknown length
GRAY = ("MONOCHROME1", "MONOCHROME2")


def read(path: Path) -> Picture:
    """One slice, (H, W, C), in the units of the file: float32, or uint8 and uint16 as stored."""
    return _dicom(path) if path.suffix.lower() == ".dcm" else _nifti(path)


def shape(path: Path) -> tuple[int, int, int]:
    """(height, width, channels) of what `read` returns, from the header alone."""
    if path.suffix.lower() != ".dcm":
        width, height, channels = _nifti_shape(_load(path))
        return height, width, channels
    return _dicom_shape(_dataset(path, header=True))


def _dicom(path: Path) -> Picture:
    """Rescaled by slope and intercept; MONOCHROME1 is turned so that high is bright."""
    _dicom_shape(_dataset(path, header=True))
    from pydicom.pixels.processing import apply_color_lut

    data = _dataset(path)
    stored, bits = data.pixel_array, int(data.get("BitsStored", 0))
    if data.PhotometricInterpretation == "PALETTE COLOR":
        stored = apply_color_lut(stored, data)
    if data.PhotometricInterpretation == "MONOCHROME1":
        stored = ~stored if data.PixelRepresentation else 2**bits - 1 - stored
    slope, intercept = (
        float(data.get("RescaleSlope") or 1),
        float(data.get("RescaleIntercept") or 0),
    )
    if (slope, intercept) != (1, 0):
        stored = (stored * slope + intercept).astype(np.float32)
    return np.atleast_3d(supported(widened(stored, bits)))


def _dicom_shape(data: Any) -> tuple[int, int, int]:
    """(height, width, channels); raises ValueError for what is not one picture."""
    frames, colours = int(data.get("NumberOfFrames") or 1), str(data.PhotometricInterpretation)
    if frames > 1:
        raise ValueError(f"it has {frames} frames; save each as a file of its own")
    if "ModalityLUTSequence" in data:
        raise ValueError("its values go through a table; save it with a slope and an intercept")
    height, width, channels = data.Rows, data.Columns, 1 if colours in GRAY else 3
    check_pixels(width, height, channels)
    return height, width, channels


def _dataset(path: Path, *, header: bool = False) -> Any:
    with _extra():
        from pydicom import dcmread
        from pydicom.filereader import read_file_meta_info

    if read_file_meta_info(path).get("TransferSyntaxUID") == DEFLATED:
        raise ValueError("it is deflated as a whole; save it in another transfer syntax")
    return dcmread(path, stop_before_pixels=header)


def _nifti(path: Path) -> Picture:
    """The first axis runs to the right, the second up, as viewers show them; the third is C."""
    image = _load(path)
    shape = _nifti_shape(image)
    data = np.asanyarray(image.dataobj)
    if data.dtype.names:  # RGB24: a record of R, G and B
        data = np.stack([data[name] for name in data.dtype.names], axis=-1)
    return supported(np.rot90(data.reshape(shape)))


def _nifti_shape(image: Any) -> tuple[int, int, int]:
    """(X, Y, channels); raises ValueError for what is not one picture."""
    axes = [*image.shape, 1, 1, 1, 1][: max(4, len(image.shape))]  # x, y, z, time, ...
    if axes[3] > 1:
        raise ValueError(f"it has {axes[3]} frames; save each as a file of its own")
    colours = len(image.get_data_dtype().names or "1")
    longer = [n for n in (*axes[2:], colours) if n > 1]
    if len(longer) > 1:
        kind = f"a volume of {' x '.join(map(str, image.shape))}"
        raise ValueError(f"it is {kind}; save each slice as a file of its own")
    channels = longer[0] if longer else 1
    check_pixels(axes[0], axes[1], channels)
    return axes[0], axes[1], channels


def _load(path: Path) -> Any:
    with _extra():
        from nibabel import Nifti1Image, Nifti2Image
    for kind in (Nifti1Image, Nifti2Image):
        if kind.path_maybe_image(path)[0]:
            return kind.from_filename(path)
    raise ValueError("it is not a NIfTI file; convert or remove it")


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        advice = 'run pip install "img2img[medical]"'
        raise ValueError(f"medical pictures need {error.name}; {advice}") from error
