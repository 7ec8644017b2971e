import pytest

from img2img.config import UsageError
from img2img.networks import build
from img2img.run.configuring import configured
from img2img.run.fitting import check_batch, check_size


def sized(size, mode="cyclegan", **options):
    return configured(mode, {"data": {"size": size}, **options})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (sized(30), "--size 30 is no multiple of 4, as this resnet needs; choose 32"),
        (
            sized(96, "pix2pix", generator={"depth": 6}),
            "--size 96 is no multiple of 64, .* choose 128 or less --generator.depth",
        ),
        (sized(48, "dcgan"), "--size 48: --mode dcgan draws 8, 16, 32, 64, ... pixels"),
        (
            sized(16, discriminator={"layers": 5}),
            "--size 16 is too small for a PatchGAN of 5 layers, which needs [0-9]+; choose fewer",
        ),
        (
            sized(64, generator={"name": "dcgan"}),
            "does not serve --mode cyclegan; choose from resnet, unet",
        ),
        (
            sized(64, "dcgan", generator={"name": "unet"}),
            "does not serve --mode dcgan; choose from dcgan",
        ),
        (sized(64, generator={"name": "edsr"}), "does not serve --mode cyclegan; choose from"),
        (sized(96, "srgan", generator={"name": "dcgan"}), "choose from srresnet, msrresnet, edsr"),
        (sized(96, "srgan", data={"size": 96, "scale": None}), "--mode srgan needs a --data.scale"),
        (sized(98, "srgan"), "--size 98 is no multiple of --data.scale 4; choose 96"),
        (sized(64, data={"size": 64, "scale": 2}), "--mode cyclegan takes no --data.scale"),
        (
            sized(64, growth={"doublings": (5, 9)}, discriminator={"layers": 3}),
            "with --growth.doublings the first pictures are small: --size 16 is too small for a",
        ),
        (
            sized(256, "pix2pix", generator={"depth": 8}, growth={"doublings": (5,)}),
            "first pictures are small: --size 128 is no multiple of 256, as this unet needs",
        ),
        (sized(64, "dcgan", growth={"doublings": (5,)}), "are for pix2pix and cyclegan, not dcgan"),
        (
            sized(64, discriminator={"name": "dcgan-discriminator"}, growth={"doublings": (5,)}),
            "need a discriminator for any size, not dcgan-discriminator",
        ),
        (
            sized(64, discriminator={"name": "progressive-discriminator"}),
            "progressive-discriminator does not serve --mode cyclegan, which does not grow",
        ),
        (
            sized(64, "progressive", discriminator={"name": "patchgan"}),
            "patchgan does not serve --mode progressive, which needs --discriminator.name progr",
        ),
        (
            sized(
                96, "pix2pix", generator={"depth": 5}, discriminator={"name": "dcgan-discriminator"}
            ),
            "--size 96: a dcgan-discriminator sees 8, 16, 32, 64",
        ),
        (sized(48, "progressive"), "--size 48: --mode progressive draws 8, 16, 32, 64"),
        (sized(64, pretrain_steps=5), "--mode cyclegan has no warm start; leave --pretrain-steps"),
    ],
)
def test_numbers_that_do_not_fit_are_named_with_those_that_do(config, message):
    with pytest.raises(UsageError, match=message):
        check_size(config)


@pytest.mark.parametrize("size", [16, 20, 32, 100, 128, 256])
def test_a_resnet_trains_on_multiples_of_what_it_needs(size):
    config = sized(size, generator={"channels": 1}, discriminator={"layers": 1})
    check_size(config)
    assert size % build("resnet", {"channels": 1}).multiple_of == 0


def test_a_batch_falls_into_equal_parts():
    check_batch(sized(64, batch_size=6), 3)
    with pytest.raises(UsageError, match=r"--batch-size 6 .* 4 equal parts .* a multiple of 4"):
        check_batch(sized(64, batch_size=6), 4)
