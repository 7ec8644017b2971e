import pytest

from img2img.config import UsageError
from img2img.run.adversaries import check_adversary
from img2img.run.configuring import configured


def asked(mode="pix2pix", **options):
    return configured(mode, {"data": {"path": "photos", "size": 64}, **options})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            asked(penalty="gp"),
            "--penalty gp .* batch norm mixes the batch; add --discriminator.norm instance",
        ),
        (asked(penalty=["drift", "lp"]), "--penalty lp .* add --discriminator.norm instance"),
        (asked("dcgan", penalty="gp"), "batch norm"),
        (asked("srgan", penalty="gp"), "batch norm"),
        (
            asked(adversarial="energy-based"),
            "draws what it sees, not patchgan; choose --discriminator.name autoencoder",
        ),
        (
            asked(discriminator={"name": "autoencoder"}),
            "not logits for non-saturating; choose --adversarial energy-based",
        ),
        (
            asked(adversarial="hinge", discriminator={"smoothing": 0.1}),
            "--discriminator.smoothing has no meaning for hinge, .* choose from minimax, non-s",
        ),
        (asked(penalty="r1"), "--penalty r1 .* add --discriminator.norm instance"),
        (
            asked("progressive", adversarial="energy-based"),
            "needs an autoencoder, and none grows; choose another loss, or --mode dcgan",
        ),
        (
            asked("progressive", generator={"init": "normal"}),
            "--generator.init normal does not go with progressive; leave it out",
        ),
        (asked(discriminator={"init": "unit"}), "--discriminator.init unit does not go with patch"),
        (asked(discriminator={"noise": 0.1}), "add --discriminator.noise-steps"),
        (asked("progressive", discriminator={"spectral": True}), "scaled already; leave it out"),
        (asked("progressive", discriminator={"clip": 0.1}), "clip does not go with progressive"),
    ],
)
def test_what_does_not_go_together_is_refused_with_its_remedy(config, message):
    with pytest.raises(UsageError, match=message):
        check_adversary(config)


@pytest.mark.parametrize("norm", ["instance", "none", "group"])
@pytest.mark.parametrize("mode", ["pix2pix", "dcgan", "srgan"])
def test_the_remedy_serves(mode, norm):
    check_adversary(
        asked(mode, adversarial="wasserstein", penalty="gp", discriminator={"norm": norm})
    )


def test_what_goes_together_passes():
    for mode in ("pix2pix", "cyclegan", "dcgan", "srgan", "progressive"):
        check_adversary(asked(mode))
    check_adversary(asked(penalty="drift"))
    check_adversary(asked(penalty=["r1", "r2", "drift"], discriminator={"norm": "none"}))
    check_adversary(asked(adversarial="energy-based", discriminator={"name": "autoencoder"}))
    check_adversary(asked(discriminator={"smoothing": 0.1, "noise": 0.1, "noise_steps": 9}))
