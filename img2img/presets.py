"""Complete configurations, each number tagged with its source: the paper, or its authors' code.

What a preset does not name is Config's default, which is CycleGAN's; ours are marked so.
"""

from typing import Any

from img2img.config import (
    PHOTOS,
    Config,
    Content,
    Data,
    Discriminator,
    Generator,
    Growth,
    Optimization,
    Weights,
)

PIX2PIX = Config(
    mode="pix2pix",
    epochs="100+100",  # code; the paper trains 200 epochs at a constant rate
    batch_size=1,  # paper, section 3.3 and appendix 6.2: 1 to 10
    adversarial="non-saturating",  # paper, section 3.3
    pool=0,  # code
    data=Data(size=256, resize="squash", flip=True),  # paper, appendix 6.2: 286, crop 256
    generator=Generator(
        name="unet",  # paper, section 3.2.1
        channels=64,  # paper, appendix 6.1
        norm="batch",  # paper, section 3.2
        dropout=0.5,  # paper, appendix 6.1
        upsampling="transpose",  # paper, appendix 6.1
        init="normal",  # paper, appendix 6.2: N(0, 0.02)
    ),
    discriminator=Discriminator(name="patchgan", channels=64, layers=3, norm="batch"),  # 70x70
    weights=Weights(l1=100.0, discriminator=0.5),  # paper, section 3.3
    optimization=Optimization(
        lr=2e-4,
        beta1=0.5,
        beta2=0.999,  # paper, section 3.3
        schedule="linear",  # code
    ),
)

CYCLEGAN = Config(
    mode="cyclegan",
    epochs="100+100",  # paper, appendix 7.1: constant for 100 epochs, then linear to 0
    batch_size=1,  # paper, section 4
    adversarial="least-squares",  # paper, section 4
    pool=50,  # paper, section 4
    data=Data(size=256, resize="squash", flip=True),  # code: 286, crop 256
    generator=Generator(
        name="resnet",  # paper, section 4: 9 blocks, 6 up to 128 pixels
        channels=64,  # paper, appendix 7.2
        norm="instance",  # paper, section 4
        dropout=0.0,  # code
        upsampling="transpose",  # paper, appendix 7.2
        init="normal",  # paper, appendix 7.1: N(0, 0.02)
    ),
    discriminator=Discriminator(name="patchgan", channels=64, layers=3, norm="instance"),  # paper
    weights=Weights(
        cycle=10.0,  # paper, section 4
        identity=5.0,  # code: 0.5 * cycle everywhere; the paper for some tasks only, section 5.2
        discriminator=0.5,  # paper, appendix 7.1
    ),
    optimization=Optimization(lr=2e-4, beta1=0.5, beta2=0.999, schedule="linear"),  # paper, code
)

SRGAN = Config(
    mode="srgan",
    steps=1_200_000,
    pretrain_steps=1_000_000,  # paper, section 3.2: SRResNet; then 2 * 10^5 of SRGAN
    batch_size=16,  # paper, section 3.2
    adversarial="non-saturating",  # paper, equation 6
    pool=0,
    data=Data(
        size=96,  # paper, section 3.2: crops of the large pictures
        scale=4,  # paper, section 3.1
        resize="none",
        flip=True,
        turns=True,  # ours, both
    ),
    generator=Generator(
        name="srresnet", channels=64, blocks=16, norm="batch", init="normal"
    ),  # paper, figure 4: k9n64, 16 blocks; the first weights are ours
    discriminator=Discriminator(name="srgan-discriminator", channels=64, norm="batch"),  # figure 4
    content=Content(pixel="mse", features="vgg19:relu5_4"),  # paper, equations 4 and 5
    weights=Weights(
        pixel=0.0,  # paper, equation 3: features alone
        perceptual=0.006,  # paper, section 3.2: 1/12.75 on features, squared; see docs/superres.md
        adversarial=1e-3,  # paper, equation 3
        tv=0.0,
        discriminator=1.0,  # paper, equation 2
    ),
    optimization=Optimization(
        lr=1e-4,
        beta1=0.9,
        beta2=0.999,  # paper, section 3.2; beta2 is Adam's own
        schedule="drop",  # paper, section 3.2: 10^5 steps at 1e-4, 10^5 at 1e-5
        pretrain_schedule="constant",  # paper, section 3.2
    ),
)

DCGAN = Config(
    mode="dcgan",
    steps=20_000,  # ours; the paper counts epochs of its own data sets
    batch_size=128,  # paper, section 4
    adversarial="non-saturating",  # paper, by reference to Goodfellow et al.
    pool=0,
    data=Data(size=64, resize="keep", flip=True),  # paper: 64x64; crop and mirror are ours
    generator=Generator(
        name="dcgan", channels=64, latent=100, norm="batch", init="normal"
    ),  # paper, figure 1 and section 4: N(0, 0.02)
    discriminator=Discriminator(name="dcgan-discriminator", channels=64, norm="batch"),
    weights=Weights(discriminator=1.0),
    optimization=Optimization(
        lr=2e-4,
        beta1=0.5,
        beta2=0.999,  # paper, section 4
        schedule="constant",  # paper
    ),
)

PROGRESSIVE = Config(
    mode="progressive",
    batch_size=16,  # paper, appendix A.1, up to 128 pixels
    adversarial="wasserstein",
    penalty=("gp", "drift"),  # paper, appendix A.1, both lines
    n_critic=1,  # paper, appendix A.1
    pool=0,
    data=Data(size=256, resize="keep", flip=True),  # paper, section 6.3: mirrored; the crop is ours
    generator=Generator(name="progressive", channels=512, latent=512, init="unit"),  # table 2
    discriminator=Discriminator(
        name="progressive-discriminator", channels=512, init="unit"
    ),  # table 2
    weights=Weights(discriminator=1.0, gp=10.0, drift=1e-3),  # paper, appendix A.1
    growth=Growth(
        fade=800_000,
        stable=800_000,  # paper, appendix A.1
        batches=(16, 16, 16, 16, 16, 16, 14, 6, 3),  # paper, appendix A.1: at 256, 512, 1024
    ),
    optimization=Optimization(
        lr=1e-3,
        beta1=0.0,
        beta2=0.99,  # paper, appendix A.1
        schedule="constant",  # paper, appendix A.1
        ema=0.999,  # paper, appendix A.1
    ),
)

# The built-in sets are small enough for two CPU cores and two minutes; every number here is ours.
SMALL: dict[str, dict[str, Any]] = {
    "pix2pix": {
        "steps": 800,
        "epochs": None,
        "data": {"size": 64, "resize": "none"},
        "generator": {"channels": 24, "upsampling": "nearest", "norm": "instance"},
        "discriminator": {"channels": 24, "layers": 2, "norm": "instance"},
        "weights": {"l1": 10.0},
        "optimization": {"lr": 5e-4},  # for so few steps
        "report": {"samples": 200, "validate_every": 400, "save": 400},
    },
    "cyclegan": {
        "steps": 800,
        "epochs": None,
        "data": {"size": 64, "resize": "none"},
        "generator": {"channels": 16, "blocks": 4, "upsampling": "nearest"},
        "discriminator": {"channels": 16, "layers": 2},
        "weights": {"identity": 10.0},  # without it, classes swap colours
        "optimization": {"lr": 1e-3, "ema": 0.99},  # for so few steps
        "report": {"samples": 200, "validate_every": 400, "save": 400},
    },
    "srgan": {
        "steps": 1250,
        "pretrain_steps": 1050,
        "batch_size": 4,
        "data": {
            "path": PHOTOS,
            "input": {"channels": 1},  # the luminance; on RGB, few pictures teach false colours
            "shrink": (0.9, 0.8, 0.7, 0.6, 0.5),
            "contrast": 0.5,
            "inversion": True,
        },
        "generator": {"name": "edsr", "channels": 48, "blocks": 8, "init": "scaled-kaiming"},
        "discriminator": {
            "name": "patchgan",
            "channels": 32,
            "layers": 2,
            "norm": "none",
            "augment": ("translation",),  # else a grid of the strides' period is left
        },
        "content": {"pixel": "l1", "features": "vgg16:conv3_3"},  # not the paper's: finer detail
        "weights": {"pixel": 0.2, "perceptual": 0.02, "adversarial": 0.005},  # for so few steps
        "optimization": {
            "beta2": 0.99,
            "ema": 0.99,
            "pretrain_lr": 1e-3,
            "pretrain_schedule": "cosine",
        },
        "report": {"samples": 350, "validate_every": 350, "save": 350},
    },
    "progressive": {
        "batch_size": 16,
        "data": {"size": 32, "resize": "none"},
        "generator": {"channels": 32, "latent": 64},
        "discriminator": {"channels": 32},
        "growth": {"fade": 1600, "stable": 3200, "batches": ()},
        "optimization": {"lr": 6e-3, "ema": 0.99},  # for so few steps
        "report": {"samples": 200, "validate_every": 2000, "save": 400},
    },
    "dcgan": {
        "steps": 800,
        "batch_size": 16,
        "data": {"size": 64, "resize": "none"},
        "generator": {"channels": 24},
        # D knows the town at once, so it is slowed down
        "discriminator": {"channels": 24, "augment": ("translation", "color")},
        "optimization": {"lr": 4e-4, "discriminator_lr": 2e-4, "ema": 0.99},
        "report": {"samples": 200, "validate_every": 800, "save": 400},
    },
}
