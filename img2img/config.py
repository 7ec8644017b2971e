"""A run's complete configuration: frozen, extra keys refused, ranges checked."""

from math import log2
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

BUILTIN = "builtin:town"
PHOTOS = "builtin:photos"
ENLARGING = ("srresnet", "msrresnet", "edsr")
Init = Literal["normal", "xavier", "kaiming", "orthogonal", "scaled-kaiming", "unit"]
NUMBER = r"^(nan|[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?)$"


class UsageError(ValueError):
    """What was asked for is unknown, or contradicts itself or the run."""


class Part(BaseModel):
    """A group of options."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Side(Part):
    """How the pictures of one side of the translation are read; found in them unless given."""

    kind: Literal["image", "labels"] = "image"
    """Amounts, or classes: palette or index pictures, one-hot to the network."""
    channels: int | None = Field(None, ge=1, le=64)
    """1 for gray, 3 for RGB, or as many as the pictures have."""
    low: tuple[float, ...] | None = None
    """The value that is black to the network, for all channels or one for each."""
    high: tuple[float, ...] | None = None
    """The value that is white; the full range of 8 and 16 bit, 0 to 1 of floats, unless given."""
    percentiles: tuple[float, float] | None = None
    """Take low and high from the training pictures, as 0.5 99.5; so for floats beyond 0 to 1."""
    nodata: str | None = Field(None, pattern=NUMBER, coerce_numbers_to_str=True)
    """The value, or nan, of pixels where nothing was measured: they count nowhere."""
    palette: str | None = None
    """Labels: file of lines `red green blue name`, or builtin:town; pixels take the nearest."""
    classes: int | None = Field(None, ge=2, le=256)
    """Labels without a palette: how many numbers from 0 on."""
    ignore: int | None = Field(None, ge=0, le=65535)
    """Labels: the class that counts nowhere."""

    @model_validator(mode="after")
    def _rising(self) -> "Side":
        if self.percentiles and not 0 <= self.percentiles[0] < self.percentiles[1] <= 100:
            raise ValueError("percentiles are two rising numbers from 0 to 100")
        return self


class Data(Part):
    """The pictures, and what is done to them."""

    path: str = BUILTIN
    """Folder of pictures, builtin:town or builtin:photos; unless given the town, and
    the photos for srgan."""
    direction: Literal["AtoB", "BtoA"] = "AtoB"
    """Which of the two domains is the input."""
    size: int = Field(256, ge=8, le=4096)
    """Side of the squares that are trained on, in pixels."""
    load: int | None = Field(None, ge=8, le=8192)
    """Side that pictures are resized to before the crop; size * 286 / 256 unless given."""
    resize: Literal["squash", "keep", "none"] = "squash"
    """To load x load as the papers; keep the aspect, shorter side to load; or crop only."""
    flip: bool = True
    """Mirror every second picture."""
    turns: bool = False
    """Turn by a random multiple of 90 degrees."""
    zoom: float = Field(0.0, ge=0, le=0.9)
    """Enlarge or shrink by a random factor of up to 1 + zoom and down to 1 - zoom."""
    rotate: float = Field(0.0, ge=0, le=180)
    """Turn by a random angle of up to so many degrees either way."""
    shear: float = Field(0.0, ge=0, le=45)
    """Slant by a random angle of up to so many degrees either way."""
    elastic: float = Field(0.0, ge=0, le=256)
    """Bend smoothly by up to so many pixels; both pictures of a pair alike."""
    jitter: float = Field(0.0, ge=0, le=1)
    """Strength of colour jitter, on the input alone."""
    noise: float = Field(0.0, ge=0, le=1)
    """Strength of noise, as a share of the range; on the input alone."""
    scale: int | None = Field(None, ge=2, le=8)
    """srgan: how many times larger the output is; size is the output's."""
    degradation: Literal["bicubic", "realistic"] = "bicubic"
    """srgan: how the input is made of its target; realistic: blur, noise and JPEG, at random."""
    shrink: tuple[float, ...] = ()
    """srgan: show targets at these fractions of their size too, each as often as at the whole."""
    shuffle: bool = False
    """srgan: put the channels in a random order; both pictures alike."""
    contrast: float = Field(0.0, ge=0, le=1)
    """srgan: change the contrast by a random factor of 1 - contrast to 1 + contrast; both alike."""
    inversion: bool = False
    """srgan: turn every second picture into its negative; both alike."""
    input: Side = Side()
    output: Side = Side()
    workers: int | None = Field(None, ge=0, le=64)
    """Loader processes; 0 on a CPU and 4 beside a GPU unless given."""

    @model_validator(mode="after")
    def _smaller(self) -> "Data":
        if not all(0 < fraction < 1 for fraction in self.shrink):
            raise ValueError("shrink holds fractions between 0 and 1")
        return self


class Generator(Part):
    """The network that draws."""

    name: Literal["unet", "resnet", "dcgan", "progressive", "srresnet", "msrresnet", "edsr"] = (
        "resnet"
    )
    """DCGAN and progressive draw from noise, and the last three enlarge; the others serve any
    translation."""
    channels: int = Field(64, ge=1, le=1024)
    """Width of the first layer."""
    blocks: int | None = Field(None, ge=0, le=64)
    """Residual blocks; 9, or 6 up to 128 pixels, of a ResNet and 16 of an SRResNet, unless given.
    """
    depth: int | None = Field(None, ge=2, le=12)
    """Levels of a U-Net; min(8, log2 size) unless given."""
    norm: Literal["batch", "instance", "group", "none"] = "instance"
    """Normalisation."""
    dropout: float = Field(0.0, ge=0, lt=1)
    """Probability of zeroing an activation."""
    upsampling: Literal["transpose", "nearest", "bilinear"] = "transpose"
    """The papers' transposed convolutions, or a resize and a convolution (no checkerboard)."""
    latent: int = Field(100, ge=1, le=4096)
    """Numbers in the noise vector that DCGAN and progressive draw from."""
    init: Init = "normal"
    """Rule of the first weights."""


class Discriminator(Part):
    """The network that judges."""

    name: Literal[
        "patchgan",
        "dcgan-discriminator",
        "progressive-discriminator",
        "srgan-discriminator",
        "autoencoder",
    ] = "patchgan"
    """PatchGAN judges patches, the others the whole picture; the autoencoder by how badly it draws
    what it sees, for energy-based losses."""
    channels: int = Field(64, ge=1, le=1024)
    """Width of the first layer."""
    layers: int = Field(3, ge=0, le=8)
    """Strided layers of a PatchGAN: 0, 1, 3, 5 see 1, 16, 70, 286 pixels."""
    norm: Literal["batch", "instance", "group", "none"] = "instance"
    """Normalisation."""
    spectral: bool = False
    """Divide each layer's weights by their largest singular value (spectral norm)."""
    clip: float | None = Field(None, gt=0)
    """Keep every weight within this and its negative (weight clipping; 0.01 in the WGAN paper)."""
    init: Init = "normal"
    """Rule of the first weights."""
    augment: tuple[Literal["color", "translation", "cutout"], ...] = ()
    """What is done to all that D sees, real and made (DiffAugment): against few pictures."""
    noise: float = Field(0.0, ge=0, le=2)
    """Standard deviation of noise on all that D sees, real and made (instance noise)."""
    noise_steps: int | None = Field(None, ge=1)
    """Steps in which that noise falls to 0."""
    smoothing: float = Field(0.0, ge=0, lt=0.5)
    """Ask D for this much less than certainty about real pictures (one-sided label smoothing)."""
    margin: float = Field(0.18, gt=0)
    """Energy-based: the error that fakes are pushed to, of [-1, 1], root mean square."""


class Content(Part):
    """What SRGAN compares its output with the target by."""

    pixel: Literal["mse", "l1"] = "mse"
    """Distance of pixels: the loss of the warm start."""
    features: str = Field("vgg19:relu5_4", pattern=r"^(none|[\w-]+:\w+)$")
    """The network and layer whose features are compared after it; none: pixels alone."""


class Weights(Part):
    """Weights of the losses."""

    l1: float = Field(100.0, ge=0)
    """pix2pix: distance to the target."""
    cross_entropy: float = Field(10.0, ge=0)
    """pix2pix to labels: distance to the target's classes, instead of l1."""
    classes: tuple[float, ...] | None = None
    """pix2pix to labels: what a pixel of each class weighs."""
    balanced: bool = False
    """Let rare classes weigh more, by one over the root of their share of the training pixels."""
    cycle: float = Field(10.0, ge=0)
    """CycleGAN: there and back again."""
    identity: float = Field(5.0, ge=0)
    """CycleGAN: a picture of the target domain stays as it is."""
    pixel: float = Field(0.0, ge=0)
    """SRGAN, after the warm start: distance of pixels."""
    perceptual: float = Field(0.006, ge=0)
    """SRGAN: distance of features."""
    adversarial: float = Field(1e-3, ge=0)
    """SRGAN: D's verdict."""
    tv: float = Field(0.0, ge=0)
    """SRGAN: total variation of the output."""
    discriminator: float = Field(0.5, ge=0)
    """On all of D's loss, its penalties included."""
    gp: float = Field(10.0, ge=0)
    """Gradient penalty, two-sided (WGAN-GP)."""
    lp: float = Field(10.0, ge=0)
    """Gradient penalty, one-sided (WGAN-LP)."""
    r1: float = Field(10.0, ge=0)
    """Squared slope on real pictures, halved."""
    r2: float = Field(10.0, ge=0)
    """Squared slope on made ones, halved."""
    drift: float = Field(1e-3, ge=0)
    """Squared logits of real pictures."""
    pull_away: float = Field(0.1, ge=0)
    """Energy-based: likeness of the made pictures of a batch to each other."""


class Growth(Part):
    """How sizes grow while training."""

    fade: tuple[int, ...] = (800_000,)
    """progressive: pictures shown while 8, 16, ... pixels fade in, the last for all beyond."""
    stable: tuple[int, ...] = (800_000,)
    """progressive: pictures shown at 4, 8, ... pixels before the next, likewise."""
    batches: tuple[int, ...] = ()
    """progressive: batch size at 4, 8, 16, ... pixels, the last for all beyond; batch-size unless
    given."""
    doublings: tuple[int, ...] = ()
    """pix2pix, cyclegan: steps at which pictures double; with two, the first are a quarter as wide.
    """

    @field_validator("fade", "stable", mode="before")
    @classmethod
    def _several(cls, given: object) -> object:
        return (given,) if isinstance(given, int) else given

    @model_validator(mode="after")
    def _rising(self) -> "Growth":
        if any(count < 1 for count in (*self.batches, *self.fade, *self.stable)):
            raise ValueError("fade, stable and batches are numbers of pictures from 1 on")
        if not self.fade or not self.stable:
            raise ValueError("fade and stable are a number of pictures each, or several")
        if list(self.doublings) != sorted(set(self.doublings)) or 0 in self.doublings:
            raise ValueError("doublings are rising steps from 1 on")
        return self


class Optimization(Part):
    """Adam and its learning rate."""

    lr: float = Field(2e-4, gt=0)
    """Learning rate of the generators."""
    discriminator_lr: float | None = Field(None, gt=0)
    """Of the discriminators, if another (two time-scale update rule)."""
    beta1: float = Field(0.5, ge=0, lt=1)
    """Decay of the gradient's mean."""
    beta2: float = Field(0.999, ge=0, lt=1)
    """Decay of its square's."""
    schedule: Literal["constant", "linear", "cosine", "drop"] = "linear"
    """Linear: constant for the first half, then down to almost 0; drop: then a tenth."""
    pretrain_lr: float | None = Field(None, gt=0)
    """Learning rate of SRGAN's warm start, if another."""
    pretrain_schedule: Literal["constant", "linear", "cosine", "drop"] = "constant"
    """Its schedule, over the warm start alone."""
    clip: float | None = Field(None, gt=0)
    """Largest norm of a player's gradient."""
    accumulate: int = Field(1, ge=1, le=1024)
    """Parts that each batch is worked through in, to save memory."""
    ema: float = Field(0.0, ge=0, lt=1)
    """Decay of the averaged generator that is validated and kept; 0: none."""


class Report(Part):
    """How often something is written, in steps."""

    samples: int = Field(500, ge=1)
    """Steps between two sheets of samples; 500 unless given."""
    validate_every: int = Field(200, ge=1)
    """Steps between two validations; 200 unless given."""
    save: int = Field(1000, ge=1)
    """Steps between two checkpoints; 1000 unless given."""
    keep: int = Field(2, ge=1)
    """How many of the last checkpoints are kept, the best one beside them; 2 unless given."""
    keep_every: int | None = Field(None, ge=1)
    """Keep every checkpoint whose step is a multiple of this, which is saved if need be."""
    pictures: int = Field(100, ge=1)
    """How many pictures validation looks at, drawn from the split by the seed; 100 unless given."""
    health: int = Field(50, ge=1)
    """Steps between two looks at the discriminators' accuracy; 50 unless given."""
    tensorboard: bool = True
    """Whether figures and sheets go to TensorBoard too."""
    best: str | None = None
    """The figure that chooses the best checkpoint, any metric of evaluate that suits the pictures,
    such as kid; unless given, l1 for pairs, iou for labels, psnr for SRGAN's warm start (after it,
    the last one is kept), and swd, the sliced Wasserstein distance of patches, where there are no
    pairs."""
    patience: int | None = Field(None, ge=1)
    """Validations without a better one after which the run ends early."""


class Config(Part):
    """Everything about a run."""

    mode: str = "cyclegan"
    """The method: cyclegan, dcgan, pix2pix, progressive or srgan."""
    seed: int = Field(0, ge=0)
    """Every random number follows from it."""
    steps: int | None = Field(None, ge=1)
    """Length of the run; overrides epochs."""
    epochs: str | None = Field(None, pattern=r"^\d+(\+\d+)?$", coerce_numbers_to_str=True)
    """Length in epochs of max(|A|, |B|) pictures: constant rate, +, decaying rate."""
    batch_size: int = Field(1, ge=1)
    """Pictures in a step, over all processes."""
    adversarial: Literal[
        "minimax",
        "non-saturating",
        "least-squares",
        "least-squares-signed",
        "hinge",
        "wasserstein",
        "relativistic",
        "energy-based",
        "f-total-variation",
        "f-kl",
        "f-reverse-kl",
        "f-pearson",
        "f-hellinger",
        "f-jensen-shannon",
        "f-gan",
    ] = "least-squares"
    """The adversarial loss."""
    penalty: tuple[Literal["none", "gp", "lp", "r1", "r2", "drift"], ...] = ()
    """Penalties on D's gradient, or its logits (drift): none, one or several."""
    n_critic: int = Field(1, ge=1)
    """Steps of D for one of G."""
    pretrain_steps: int = Field(0, ge=0)
    """srgan: steps of the warm start on the distance of pixels alone, within those of the run."""
    weights_dir: str | None = None
    """Folder of frozen feature networks; else $IMG2IMG_WEIGHTS, else the user's cache."""
    pool: int = Field(50, ge=0)
    """Earlier fakes that CycleGAN's discriminators are shown."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    precision: Literal["fp32", "bf16"] = "fp32"
    """Arithmetic of the networks."""
    data: Data = Data()
    generator: Generator = Generator()
    discriminator: Discriminator = Discriminator()
    content: Content = Content()
    weights: Weights = Weights()
    growth: Growth = Growth()
    optimization: Optimization = Optimization()
    report: Report = Report()

    @field_validator("penalty", mode="before")
    @classmethod
    def _several(cls, given: object) -> object:
        names = [given] if isinstance(given, str) else given
        if not isinstance(names, list | tuple):
            return given
        return tuple(name for name in dict.fromkeys(names) if name != "none")

    def yaml(self) -> str:
        """As a YAML file."""
        return yaml.safe_dump(self.model_dump(), sort_keys=False)

    def completed(self) -> "Config":
        """With everything that follows from the picture's size filled in."""
        size, generator = self.data.size, self.generator
        usual = 16 if generator.name in ENLARGING else 9 if size > 128 else 6
        blocks = usual if generator.blocks is None else generator.blocks
        smallest = max(4, size >> len(self.growth.doublings))
        depth = generator.depth or min(8, int(log2(smallest)))
        load = self.data.load or round(size * 286 / 256)
        return self.model_copy(
            update={
                "data": self.data.model_copy(update={"load": load}),
                "generator": generator.model_copy(update={"blocks": blocks, "depth": depth}),
            }
        )
