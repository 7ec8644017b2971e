import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx

from img2img.networks.features import extractor
from img2img.networks.features.resizing import pytorch_fid

# mean and standard deviation of what pytorch-fid 0.3.0 computes of the same weights and values
RECORDED = {
    "pool1": (1.3829505443572998, 1.122800350189209),
    "pool2": (1.7774266004562378, 2.230759859085083),
    "Mixed_6e": (2.147204637527466, 3.3883283138275146),
    "pool3": (2.806056022644043, 3.8108649253845215),
}


def test_features_are_those_of_pytorch_fids_own_code():
    numbers = np.random.default_rng(1).random((2, 3, 139, 107), np.float32)
    extract = extractor("inception-fid", drawn("inception-fid", "pool3"), [*RECORDED])
    features = extract(torch.from_numpy(numbers * 2 - 1))
    assert features[-1].shape == (2, 2048)
    for each, recorded in zip(features, RECORDED.values(), strict=True):
        assert (each.mean().item(), each.std().item()) == approx(recorded, rel=1e-4)


@pytest.mark.parametrize("scale", [2, 4])
def test_a_picture_is_sampled_between_the_centres_of_pixels_and_not_averaged(scale):
    side = 299 * scale
    picture = np.random.default_rng(0).integers(0, 256, (1, 1, side, side), np.uint8)
    middle = slice(scale // 2 - 1, scale // 2 + 1)  # of the pixels that fall upon one
    blocks = picture.reshape(299, scale, 299, scale)[:, middle, :, middle]
    [[values]] = pytorch_fid(torch.from_numpy(picture)).numpy()
    assert np.allclose(values, 2 * blocks.mean((1, 3)) / 255 - 1, atol=1e-5)


def test_a_picture_of_299_pixels_stays_and_levels_end_at_minus_1_and_1():
    levels = torch.arange(256, dtype=torch.uint8).repeat(1, 1, 299, 2)[..., :299]
    values = pytorch_fid(levels)
    assert np.allclose(values, levels / 127.5 - 1, atol=1e-6)
    assert (values.min(), values.max()) == (-1, 1)
