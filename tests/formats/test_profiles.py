from io import BytesIO

import icc
import numpy as np
import pytest
import tifffile
from handmade import noise
from PIL import Image, ImageCms

from img2img.formats.codecs import read, read_layers, write

SRGB = icc.rgb(icc.SRGB, icc.srgb_curve())
WIDE = icc.rgb(icc.WIDE, icc.gamma(2.2))
LINEAR = icc.gray(icc.gamma(1.0))


def to_srgb(picture, exponent=2.2):
    """Adobe RGB to sRGB by the definitions of both."""
    light = (picture / 255.0) ** (round(exponent * 256) / 256) @ np.array(icc.WIDE)
    linear = np.clip(light @ np.linalg.inv(np.array(icc.SRGB)), 0, 1)
    return 255 * curve(linear)


def curve(linear):
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_wide_colours_become_srgb(tmp_path, suffix):
    picture = noise(32, 32, 3)
    write(tmp_path / f"a{suffix}", picture, profile=WIDE)
    got = read(tmp_path / f"a{suffix}").astype(float)
    assert np.abs(got - picture).mean() > 5
    assert np.abs(got - to_srgb(picture)).max() <= 1.6
    assert read_layers(tmp_path / f"a{suffix}").profile is None


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".jpg"])
def test_kept_colours_come_with_their_profile_and_go_out_with_it(tmp_path, suffix):
    picture = noise(16, 16, 3)
    write(tmp_path / f"a{suffix}", picture)
    plain = read(tmp_path / f"a{suffix}")
    write(tmp_path / f"a{suffix}", picture, profile=WIDE)
    kept = read_layers(tmp_path / f"a{suffix}", icc="keep")
    assert kept.profile == WIDE
    assert np.array_equal(kept.picture, plain)
    assert not np.array_equal(read(tmp_path / f"a{suffix}"), plain)


@pytest.mark.parametrize(
    "profile",
    [
        SRGB,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes(),
        b"junk",
        WIDE[:200],
        LINEAR,
        icc.cmyk(),
    ],
    ids=["srgb", "pillows srgb", "lab", "junk", "cut", "gray", "cmyk"],
)
def test_srgb_and_broken_and_foreign_profiles_change_no_pixel(tmp_path, profile):
    picture = noise(16, 16, 3)
    Image.fromarray(picture).save(tmp_path / "a.png", icc_profile=profile)
    assert np.array_equal(read(tmp_path / "a.png"), picture)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_linear_gray_becomes_that_of_srgb(tmp_path, suffix):
    ramp = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    write(tmp_path / f"a{suffix}", ramp, profile=LINEAR)
    got = read(tmp_path / f"a{suffix}")
    assert got.shape == ramp.shape
    assert np.abs(got - 255 * curve(ramp / 255.0)).max() <= 1.1
    assert read_layers(tmp_path / f"a{suffix}", icc="keep").profile == LINEAR


def test_srgb_as_others_write_it_down_changes_no_pixel(tmp_path):
    picture, path = noise(32, 32, 3), tmp_path / "a.png"
    near = tuple(tuple(v + 1e-4 for v in colour) for colour in icc.SRGB)
    profile = icc.rgb(near, icc.srgb_curve())
    image = Image.fromarray(picture)
    image.save(path, icc_profile=profile)
    source, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
    moved = np.asarray(ImageCms.profileToProfile(image, source, srgb))
    assert not np.array_equal(moved, picture)  # by a level
    assert np.array_equal(read(path), picture)


def test_a_profile_for_other_channels_is_not_kept(tmp_path):
    picture = noise(8, 8, 1)
    Image.fromarray(picture[..., 0]).save(tmp_path / "a.png", icc_profile=WIDE)
    taken = read_layers(tmp_path / "a.png", icc="keep")
    assert taken.profile is None
    assert np.array_equal(taken.picture, picture)


def test_alpha_is_not_converted(tmp_path):
    picture, alpha = noise(8, 8, 3), noise(8, 8, 1)
    alpha[0, 0] = 255
    write(tmp_path / "a.png", picture, alpha=alpha, profile=WIDE)
    taken = read_layers(tmp_path / "a.png")
    assert np.array_equal(taken.alpha, alpha)
    assert np.abs(taken.picture[0, 0] - to_srgb(picture[0, 0])).max() <= 1.6


def cmyk_files(folder, inks, **options):
    image = Image.frombytes("CMYK", inks.shape[1::-1], inks.tobytes())
    image.save(folder / "a.jpg", quality=100, subsampling=0, **options)
    more = {"iccprofile": options["icc_profile"]} if options else {}
    tifffile.imwrite(folder / "a.tif", inks, photometric="separated", metadata=None, **more)
    return image


def test_ink_becomes_light_by_pillows_rule(tmp_path):
    inks = np.repeat(np.repeat(noise(4, 4, 4), 8, axis=0), 8, axis=1)  # flat for JPEG
    image = cmyk_files(tmp_path, inks)
    assert np.array_equal(read(tmp_path / "a.tif"), np.asarray(image.convert("RGB")))
    assert np.abs(read(tmp_path / "a.jpg").astype(int) - read(tmp_path / "a.tif")).max() <= 3


@pytest.mark.parametrize("icc_", ["srgb", "keep"])
def test_ink_becomes_light_by_its_profile(tmp_path, icc_):
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[:, 8:, 0] = 255  # one ink leaves L = 2/3 of this profile, by Pillow's rule it is cyan
    cmyk_files(tmp_path, inks, icc_profile=icc.cmyk())
    for name in ("a.tif", "a.jpg"):
        picture, _, profile = read_layers(tmp_path / name, icc=icc_)
        assert profile is None
        assert np.abs(picture[0, 0].astype(int) - 255).max() <= 1
        assert np.abs(picture[0, 15].astype(int) - 162).max() <= 3  # sRGB of L = 66.7


def test_deep_ink_follows_the_same_rule(tmp_path):
    inks = noise(8, 8, 4, dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated")
    ink = inks / 65535
    exact = 65535 * (1 - ink[..., :3]) * (1 - ink[..., 3:])
    assert np.abs(read(tmp_path / "a.tif") - exact).max() <= 0.5001


def test_a_profile_of_other_channels_is_not_embedded(tmp_path):
    write(tmp_path / "a.png", noise(4, 4, 1), profile=WIDE)
    with Image.open(BytesIO((tmp_path / "a.png").read_bytes())) as image:
        assert "icc_profile" not in image.info
