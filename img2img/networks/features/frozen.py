"""Layers of frozen networks that TensorFlow trained."""

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

EPSILON = 1e-3


class FrozenNorm(nn.Module):
    """Batch normalisation by the running averages, whatever the mode."""

    weight: Tensor
    bias: Tensor
    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        for name in ("weight", "bias", "running_mean", "running_var"):
            self.register_buffer(name, torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        return torch.batch_norm(
            x, self.weight, self.bias, self.running_mean, self.running_var,
            False, 0.0, EPSILON, True,
        )  # fmt: skip

    def into(self, convolution: nn.Conv2d) -> None:
        """Have the convolution do what this norm does of its results: equal, but for rounding."""
        scale = self.weight.double() / (self.running_var.double() + EPSILON).sqrt()
        weight = convolution.weight.double() * scale.view(-1, 1, 1, 1)
        bias = self.bias.double() - self.running_mean.double() * scale
        convolution.weight, convolution.bias = (
            nn.Parameter(each.to(self.weight.dtype), requires_grad=False) for each in (weight, bias)
        )


def fold(module: nn.Module) -> None:
    """Take out norms that follow a convolution, by scaling its weights; it has no bias before."""
    for parent in [*module.modules()]:
        before: nn.Module | None = None
        for name, child in [*parent.named_children()]:
            if isinstance(child, FrozenNorm) and isinstance(before, nn.Conv2d):
                child.into(before)
                setattr(parent, name, nn.Identity())
            before = child


class Pooling(nn.Module):
    """The mean over all places, in float32 at least."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C)."""
        return x.to(torch.promote_types(x.dtype, torch.float32)).mean((2, 3))


class SameConv(nn.Conv2d):
    """A convolution of ceil(size / stride) results without a bias: TensorFlow's padding `SAME`."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', ceil(H / stride), ceil(W / stride))."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        around: list[int] = []
        for size in (x.shape[3], x.shape[2]):
            missing = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            around += [missing // 2, missing - missing // 2]  # the odd one at the right and below
        result: Tensor = super().forward(pad(x, around))
        return result
