import pytest

from img2img.modes import MODES
from img2img.options import overridden
from img2img.presets import SMALL
from img2img.run.configuring import configured
from img2img.run.fitting import check_size


@pytest.mark.parametrize("mode", MODES)
def test_a_preset_names_its_mode_and_fits_in_itself(mode):
    preset = MODES[mode].preset
    assert preset.mode == mode
    for config in (preset.completed(), configured(mode, {}), configured(mode, {"data": "photos"})):
        check_size(config)
    paper = MODES[mode].preset.generator.channels
    assert configured(mode, {"data": "photos"}).generator.channels == paper


def test_the_town_changes_nothing_that_is_unknown():
    assert SMALL.keys() == MODES.keys()
    for mode, changes in SMALL.items():
        overridden(MODES[mode].preset, changes)


def test_pix2pix_is_as_in_the_paper():
    c = MODES["pix2pix"].preset.completed()
    assert (c.epochs, c.batch_size, c.adversarial) == ("100+100", 1, "non-saturating")
    assert (c.weights.l1, c.weights.discriminator) == (100, 0.5)
    assert (c.data.size, c.data.load, c.data.flip, c.data.resize) == (256, 286, True, "squash")
    g, d, o = c.generator, c.discriminator, c.optimization
    assert (g.name, g.channels, g.depth, g.norm, g.dropout) == ("unet", 64, 8, "batch", 0.5)
    assert (d.name, d.channels, d.layers, d.norm) == ("patchgan", 64, 3, "batch")
    assert (o.lr, o.beta1, o.beta2, o.schedule) == (2e-4, 0.5, 0.999, "linear")
    assert (g.init, d.init, g.upsampling) == ("normal", "normal", "transpose")


def test_cyclegan_is_as_in_the_paper():
    c = MODES["cyclegan"].preset.completed()
    assert (c.epochs, c.batch_size, c.adversarial) == ("100+100", 1, "least-squares")
    assert (c.weights.cycle, c.weights.identity, c.weights.discriminator) == (10, 5, 0.5)
    assert (c.data.size, c.data.load, c.data.flip, c.pool) == (256, 286, True, 50)
    g, d, o = c.generator, c.discriminator, c.optimization
    assert (g.name, g.channels, g.blocks, g.norm, g.dropout) == ("resnet", 64, 9, "instance", 0)
    assert (d.name, d.channels, d.layers, d.norm) == ("patchgan", 64, 3, "instance")
    assert (o.lr, o.beta1, o.beta2, o.schedule) == (2e-4, 0.5, 0.999, "linear")


def test_dcgan_is_as_in_the_paper():
    c = MODES["dcgan"].preset
    assert (c.batch_size, c.data.size, c.generator.latent) == (128, 64, 100)
    o = c.optimization
    assert (o.lr, o.beta1, o.beta2, o.schedule) == (2e-4, 0.5, 0.999, "constant")


def test_progressive_growing_is_as_in_the_paper():
    c = MODES["progressive"].preset
    assert (c.adversarial, c.penalty, c.n_critic) == ("wasserstein", ("gp", "drift"), 1)
    assert (c.weights.gp, c.weights.drift, c.weights.discriminator) == (10, 1e-3, 1)
    assert (c.growth.fade, c.growth.stable) == ((800_000,), (800_000,))
    assert c.growth.batches == (16, 16, 16, 16, 16, 16, 14, 6, 3)
    g, d, o = c.generator, c.discriminator, c.optimization
    assert (g.channels, g.latent, g.init, d.channels, d.init) == (512, 512, "unit", 512, "unit")
    assert (o.lr, o.beta1, o.beta2, o.schedule, o.ema) == (1e-3, 0, 0.99, "constant", 0.999)
