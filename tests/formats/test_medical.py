import sys

import numpy as np
import pytest
from handmade import noise

from img2img.formats.codecs import UnreadableError, read, size

pydicom = pytest.importorskip("pydicom")
nibabel = pytest.importorskip("nibabel")


def dicom(path, stored, photometric="MONOCHROME2", bits=None, **tags):
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = (
        SecondaryCaptureImageStorage,
        "1.2",
    )
    data = FileDataset(str(path), {}, file_meta=meta, preamble=bytes(128))
    frames = stored.shape[0] if stored.ndim == 4 else 1
    data.Rows, data.Columns = stored.shape[-3:-1]
    data.SamplesPerPixel, data.PhotometricInterpretation = stored.shape[-1], photometric
    data.BitsAllocated = 8 * stored.dtype.itemsize
    data.BitsStored = bits or data.BitsAllocated
    data.HighBit, data.PixelRepresentation = data.BitsStored - 1, int(stored.dtype.kind == "i")
    if stored.shape[-1] == 3:
        data.PlanarConfiguration = 0
    if frames > 1:
        data.NumberOfFrames = frames
    for name, value in tags.items():
        setattr(data, name, value)
    data.PixelData = stored.tobytes() + bytes(stored.nbytes % 2)
    data.save_as(path, enforce_file_format=True)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
def test_dicom_values_stay_without_a_scale(tmp_path, dtype):
    stored = noise(6, 4, 1, dtype=dtype)
    dicom(tmp_path / "a.dcm", stored, RescaleSlope=1, RescaleIntercept=0)
    assert read(tmp_path / "a.dcm").dtype == (np.float32 if dtype == np.int16 else dtype)
    assert np.array_equal(read(tmp_path / "a.dcm"), stored)
    assert size(tmp_path / "a.dcm") == (4, 6, 1)


def test_dicom_values_are_rescaled_to_their_unit(tmp_path):
    stored = noise(6, 4, 1, dtype=np.int16)
    dicom(tmp_path / "a.dcm", stored, RescaleSlope=0.5, RescaleIntercept=-1024)
    assert read(tmp_path / "a.dcm").dtype == np.float32
    assert np.array_equal(read(tmp_path / "a.dcm"), stored * 0.5 - 1024)


def test_monochrome1_counts_down_from_white(tmp_path):
    stored = noise(6, 4, 1, dtype=np.uint16) >> 4
    dicom(tmp_path / "a.dcm", stored, "MONOCHROME1", bits=12)
    assert np.array_equal(read(tmp_path / "a.dcm"), 4095 - stored)
    signed = noise(6, 4, 1, dtype=np.int16)
    dicom(tmp_path / "a.dcm", signed, "MONOCHROME1")
    assert np.array_equal(read(tmp_path / "a.dcm"), -1 - signed.astype(int))


def test_dicom_colours_are_rgb(tmp_path):
    stored = noise(6, 4, 3)
    dicom(tmp_path / "a.dcm", stored, "RGB")
    assert np.array_equal(read(tmp_path / "a.dcm"), stored)
    dicom(tmp_path / "a.dcm", np.full((6, 4, 3), (128, 128, 255), np.uint8), "YBR_FULL")
    assert read(tmp_path / "a.dcm")[0, 0, 0] == 255  # Cr at its end is red
    assert size(tmp_path / "a.dcm") == (4, 6, 3)


def test_dicom_palettes_are_looked_up():
    from pydicom.data import get_testdata_file

    path = get_testdata_file("examples_palette.dcm")
    assert read(path).dtype.kind == "u"
    assert read(path).shape == (350, 800, 3)
    assert size(path) == (800, 350, 3)


@pytest.mark.parametrize("name", ["MR_small_RLE", "693_J2KI", "SC_rgb_jpeg_dcmtk", "liver_1frame"])
def test_compressed_dicom_has_the_size_announced(name):
    from pydicom.data import get_testdata_file

    path = get_testdata_file(f"{name}.dcm")
    height, width, channels = read(path).shape
    assert size(path) == (width, height, channels)


def test_what_is_not_one_dicom_picture_is_one_sentence(tmp_path):
    from pydicom.data import get_testdata_file

    dicom(tmp_path / "film.dcm", noise(2, 6, 4, 3), "RGB")
    dicom(tmp_path / "bomb.dcm", noise(2, 2, 1), Rows=65535, Columns=65535)
    (tmp_path / "text.dcm").write_bytes(b"hello" * 50)
    cases = {
        tmp_path / "film.dcm": "2 frames; save each",
        tmp_path / "bomb.dcm": "65535 x 65535 pixels are more than",
        tmp_path / "text.dcm": "; replace or remove",
        get_testdata_file("image_dfl.dcm"): "deflated as a whole",
        get_testdata_file("MR_truncated.dcm"): "; replace or remove",
        get_testdata_file("MR_small_jpeg_ls_lossless.dcm"): "decompress",
    }
    for path, message in cases.items():
        with pytest.raises(UnreadableError, match=rf"(?s)\.dcm: .*{message}") as caught:
            read(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 1), (4, 6, 3), (4, 6, 1, 1, 3), (4, 6, 1, 1)])
def test_nifti_axes_run_right_and_up(tmp_path, suffix, kind, shape):
    data, path = noise(*shape, dtype=np.int16), tmp_path / f"a{suffix}"
    nibabel.save(kind(data, np.eye(4)), path)
    channels = shape[-1] if len(shape) in (3, 5) else 1
    expected = data.reshape(4, 6, channels)[:, ::-1].swapaxes(0, 1)
    assert read(path).dtype == np.float32
    assert np.array_equal(read(path), expected)
    assert size(path) == (4, 6, channels)


def test_nifti_colours_and_scales(tmp_path):
    pixels = noise(4, 6, 3)
    record = np.ascontiguousarray(pixels).view([("R", "u1"), ("G", "u1"), ("B", "u1")])[..., 0]
    nibabel.save(nibabel.Nifti1Image(record[..., None], np.eye(4)), tmp_path / "a.nii")
    assert np.array_equal(read(tmp_path / "a.nii"), np.rot90(pixels))
    assert size(tmp_path / "a.nii") == (4, 6, 3)
    scaled = nibabel.Nifti1Image(noise(4, 6, dtype=np.uint8), np.eye(4))
    scaled.header.set_slope_inter(0.5, -3)
    nibabel.save(scaled, tmp_path / "b.nii")
    values = nibabel.load(tmp_path / "b.nii").get_fdata()
    assert np.array_equal(read(tmp_path / "b.nii")[..., 0], np.rot90(values).astype(np.float32))
    assert (values % 1).any()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((4, 6, 1, 5), "5 frames; save each"),
        ((4, 6, 2, 1, 3), "a volume of 4 x 6 x 2 x 1 x 3; save"),
    ],
)
@pytest.mark.parametrize("function", [read, size])
def test_what_is_not_one_nifti_picture_is_one_sentence(tmp_path, shape, message, function):
    nibabel.save(nibabel.Nifti1Image(noise(*shape), np.eye(4)), tmp_path / "a.nii")
    with pytest.raises(UnreadableError, match=message):
        function(tmp_path / "a.nii")
    (tmp_path / "a.nii").write_bytes(b"hello" * 100)
    with pytest.raises(UnreadableError, match="not a NIfTI file"):
        function(tmp_path / "a.nii")


@pytest.mark.parametrize(("name", "library"), [("a.dcm", "pydicom"), ("a.nii.gz", "nibabel")])
def test_a_missing_library_is_one_sentence(tmp_path, monkeypatch, name, library):
    (tmp_path / name).touch()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UnreadableError, match=r'pip install "img2img\[medical\]"'):
        read(tmp_path / name)
