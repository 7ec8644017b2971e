import numpy as np
import pytest
import torch

from img2img.networks.features.resizing import (
    PROTOCOLS,
    clean,
    imagenet,
    pytorch_fid,
    torch_fidelity,
)

SIZES = [(64, 64), (299, 299), (512, 512), (37, 410), (1, 1)]


def noise(size, channels=3):
    return np.random.default_rng(0).integers(0, 256, (*size, channels), np.uint8)


def waves(size):
    """Smooth colours, such as photographs have."""
    y, x = np.mgrid[: size[0], : size[1]]
    waves = [np.sin(x / 9), np.cos(y / 7), np.sin((x + y) / 23)]
    return (np.stack(waves, axis=2) * 127.5 + 127.5).astype(np.uint8)


@pytest.mark.parametrize("scale", [2, 4])
def test_a_picture_is_sampled_between_the_centres_of_pixels_and_not_averaged(scale):
    side = 299 * scale
    picture = noise((side, side), 1)
    middle = slice(scale // 2 - 1, scale // 2 + 1)  # of the pixels that fall upon one
    blocks = picture.reshape(299, scale, 299, scale)[:, middle, :, middle]
    [values] = pytorch_fid(picture).numpy()
    assert np.allclose(values, 2 * blocks.mean((1, 3)) / 255 - 1, atol=1e-5)


@pytest.mark.parametrize(("name", "highest"), [("pytorch-fid", 1), ("clean", 127 / 128)])
def test_a_picture_of_299_pixels_stays_and_levels_end_as_told(name, highest):
    levels = np.arange(256, dtype=np.uint8)[:, None, None].repeat(299, 1)
    picture = np.concatenate([levels, levels[:43]])
    values = PROTOCOLS[name].prepare(picture)[0].numpy()
    assert np.allclose(values, -1 + (1 + highest) * (picture[..., 0] / 255), atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", [noise, waves])
def test_clean_is_clean_fids(size, picture):
    resize = pytest.importorskip("cleanfid.resize").build_resizer("clean")
    expected = (resize(picture(size)).transpose(2, 0, 1) - 128) / 128
    assert np.array_equal(clean(picture(size)).numpy(), expected)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture", [noise, waves])
def test_torch_fidelity_is_torch_fidelitys(size, picture):
    theirs = pytest.importorskip("torch_fidelity.interpolate_compat_tensorflow")
    values = torch.from_numpy(picture(size)).permute(2, 0, 1)[None].float()
    [resized] = theirs.interpolate_bilinear_2d_like_tensorflow1x(
        values, size=(299, 299), align_corners=False
    )
    expected = (resized - 128) / 128
    assert torch.allclose(torch_fidelity(picture(size)), expected, atol=1e-5)


def test_the_corner_falls_on_the_corner_where_the_side_is_a_multiple():
    picture = noise((598, 299))
    expected = (torch.from_numpy(picture[::2]).permute(2, 0, 1).float() - 128) / 128
    assert torch.equal(torch_fidelity(picture), expected)


def test_pictures_of_classifiers_are_averaged_to_224():
    assert imagenet(noise((500, 300), 1)).shape == (1, 224, 224)
    assert torch.allclose(imagenet(np.full((50, 30, 1), 255, np.uint8)), torch.ones(1, 224, 224))
