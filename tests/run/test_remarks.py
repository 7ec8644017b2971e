import pytest

from img2img.options import merged
from img2img.run.configuring import configured
from img2img.run.remarks import remarks


def said(mode="pix2pix", **options):
    given = {"data": {"path": "photos", "size": 64}, **options}
    if mode != "progressive":
        given = merged({"discriminator": {"norm": "none"}}, given)
    return remarks(configured(mode, given))


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan", "srgan", "dcgan", "progressive"])
def test_a_preset_has_nothing_to_be_said(mode):
    assert remarks(configured(mode, {"data": "photos"})) == []


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"weights": {"gp": 5.0}}, "--weights.gp"),
        ({"weights": {"pull_away": 0.5}}, "--weights.pull-away"),
        ({"discriminator": {"margin": 0.5}}, "--discriminator.margin"),
        ({"discriminator": {"noise_steps": 5}}, "--discriminator.noise-steps"),
        ({"growth": {"fade": 5}}, "--growth.fade"),
        ({"generator": {"latent": 5}}, "--generator.latent"),
    ],
)
def test_what_nothing_reads_is_named(options, key):
    assert said(**options) == [f"{key} has no effect here"]


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("pix2pix", {"penalty": ["gp"], "weights": {"gp": 5.0}}),
        (
            "pix2pix",
            {
                "adversarial": "energy-based",
                "discriminator": {"name": "autoencoder", "margin": 0.5},
                "weights": {"pull_away": 0.5},
                "batch_size": 4,
            },
        ),
        ("pix2pix", {"discriminator": {"noise": 0.1, "noise_steps": 5, "clip": 0.1}}),
        ("progressive", {"growth": {"fade": 5}, "weights": {"drift": 1.0}}),
        ("cyclegan", {"growth": {"doublings": (5,)}}),
    ],
)
def test_what_is_read_is_not(mode, options):
    assert said(mode, **options) == []


@pytest.mark.parametrize(
    ("options", "bounded"),
    [
        ({}, False),
        ({"penalty": "drift"}, False),
        ({"penalty": "lp"}, True),
        ({"discriminator": {"clip": 0.01}}, True),
        ({"discriminator": {"spectral": True}}, True),
    ],
)
def test_a_critic_whose_slope_nothing_bounds_is_remarked_on(options, bounded):
    notes = said(adversarial="wasserstein", **options)
    assert any("nothing bounds the slope" in note for note in notes) != bounded


def test_what_the_pictures_of_a_batch_do_to_each_other_is_said_where_they_are_apart():
    parts = {"optimization": {"accumulate": 2}}
    [note] = said(adversarial="relativistic", batch_size=4, **parts)
    assert "within each of its --optimization.accumulate 2 parts alone" in note
    [note] = said(adversarial="energy-based", discriminator={"name": "autoencoder"})
    assert note == "nothing is pulled away from a single picture; raise --batch-size"
    [note] = said("progressive", batch_size=5)
    assert note.startswith("D sees no variation in batches of 5, which fall into no groups")
    assert said("progressive", batch_size=6) == []
