"""Session: one run in memory, and how it goes to its folder and comes back."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from img2img import files
from img2img.base import checkpoint
from img2img.base.checkpoint import Checkpoint
from img2img.base.ema import Average
from img2img.base.health import Trend
from img2img.base.report import ADVICE, DivergedError
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, Player
from img2img.base.weights import save_weights
from img2img.config import Config
from img2img.modes import find_mode, specified
from img2img.run.gauge import Gauge
from img2img.run.schedules import Length, schedule, stage, time_of, warms_up
from img2img.run.sources import Source


class Session:
    """The networks, optimisers and averages of a run."""

    def __init__(self, run: Path, config: Config, source: Source, length: Length, runtime: Runtime):
        self.run, self.config, self.source, self.runtime = run, config, source, runtime
        self.mode, self.length = find_mode(config.mode), length
        self.growth = self.mode.grows(config)
        self.trainer = self.mode.trainer(config, *source.encodings).to(runtime.device)
        self.view = self.mode.view
        self.optimizers = {
            name: self._optimizer(player, length) for name, player in self.trainer.players.items()
        }
        decay = config.optimization.ema
        self.averages = {
            name: Average(self.trainer.get_submodule(name), decay).to(runtime.device)
            for name in (self.view.generators if decay else ())
        }
        self.best: dict[str, Any] | None = None
        self.trend = Trend()
        self.gauge: Gauge | None = None
        """Of validation, where the mode does not measure what chooses the best."""

    def _optimizer(self, player: Player, length: Length) -> Optimizer:
        part = self.config.optimization
        lr = part.lr if player.generates else part.discriminator_lr or part.lr
        kind = part.schedule
        if warms_up(player):
            lr, kind = part.pretrain_lr or part.lr, part.pretrain_schedule
        first, share = stage(length, player.steps)
        factor = schedule(kind, share)
        betas = (part.beta1, part.beta2)
        adam = torch.optim.Adam(player.weights(), lr=lr, betas=betas, fused=True)
        bound = None if player.generates else self.config.discriminator.clip
        return Optimizer(adam, lambda step: lr * factor(step - first), part.clip, bound)

    @property
    def warm_start(self) -> int | None:
        """How many steps come before the game; None where it has no warm start."""
        ends = [p.steps.stop for p in self.trainer.players.values() if warms_up(p)]
        return max(ends, default=None)

    @property
    def dearest(self) -> int:
        """The first step of those that cost most: the last stage's that the run reaches."""
        grown = self.growth.doubles if self.growth else self.config.growth.doublings
        begins: list[int] = [0, *grown, self.warm_start or 0]
        return max(step for step in begins if step < self.length.total)

    def plays_on(self, step: int) -> bool:
        """Whether a step lies behind a warm start."""
        return self.warm_start is not None and step >= self.warm_start

    def end_warm_start(self) -> None:
        """Keep its generators under names of their own, and let nothing outdo what follows."""
        if self.runtime.is_main:
            for file in self.run.glob("generator*.safetensors"):
                kept = self.run / f"warm-start-{file.name}"
                if not kept.exists():  # gone on with, the other may be a later one already
                    files.write(kept, file.read_bytes())
            shutil.rmtree(self.run / "best", ignore_errors=True)
        self.best = None

    @property
    def encodings(self) -> list[dict[str, Any]]:
        """Of the input and the output, as plain data."""
        return [encoding.model_dump(mode="json") for encoding in self.source.encodings]

    @property
    def live(self) -> dict[str, nn.Module]:
        """Those that are trained, by name."""
        return {
            name: network
            for name, network in self.trainer.named_children()
            if any(network in player.networks for player in self.trainer.players.values())
        }

    @property
    def networks(self) -> dict[str, nn.Module]:
        """By name, the generators averaged where averages are kept."""
        return self.live | {name: average.shadow for name, average in self.averages.items()}

    def begin_averages(self) -> None:
        """From the networks as they stand."""
        for name, average in self.averages.items():
            average.shadow.load_state_dict(self.live[name].state_dict())

    def update_averages(self, step: int) -> None:
        """After a step, of those that it moved."""
        for name, average in self.averages.items():
            network = self.trainer.get_submodule(name)
            players = self.trainer.players.values()
            if any(network in player.networks and step in player.steps for player in players):
                average.update(network)

    def learning_rates(self, step: int) -> dict[str, float]:
        """Each player's at a step, of those whose time it is."""
        players = self.trainer.players
        return {
            name: float(f"{optimizer.lr(step):.6g}")
            for name, optimizer in self.optimizers.items()
            if time_of(players[name], step)
        }

    def restore(self, found: Checkpoint) -> None:
        """Go on from a checkpoint of this configuration."""
        device = self.runtime.device  # torch moves weights when they are loaded, but no pool
        pools = {k: v.to(device) for k, v in found.state.items() if k.endswith("_extra_state")}
        self.trainer.load_state_dict({**found.weights, **pools})
        for name, optimizer in self.optimizers.items():
            checkpoint.restore_optimizer(name, optimizer.algorithm, found.state)
        for name, average in self.averages.items():
            prefix = f"ema.{name}."
            own = {key: value for key, value in found.state.items() if key.startswith(prefix)}
            average.shadow.load_state_dict({k.removeprefix(prefix): v for k, v in own.items()})
        if self.growth:  # of the last step played; a network's file records it, its tensors do not
            level = self.growth.level(max(0, found.step - 1))
            for network in (*self.live.values(), *self.networks.values()):
                network.level = level  # type: ignore[assignment]
        self.best = found.facts["best"] if (self.run / "best").is_dir() else None

    def sizes(self) -> str:
        """The networks and their weights, in a line."""
        return ", ".join(
            f"{name} {sum(weight.numel() for weight in network.parameters()) / 1e6:.2f} M"
            for name, network in self.live.items()
        )

    def check(self, done: int) -> None:
        """Raise DivergedError unless every weight is finite."""
        for name, value in self.trainer.state_dict().items():
            if value.is_floating_point() and not value.isfinite().all():
                raise DivergedError(f"step {done}: {name} is not finite; {ADVICE}")

    def save(self, done: int, *, best: bool = False) -> None:
        """Write the checkpoint after so many steps, or the best one, and the generators.

        Raises:
            DivergedError: a weight is not finite.
        """
        if not self.runtime.is_main:
            return
        self.check(done)
        entries = self.trainer.state_dict()
        weights = {key: v for key, v in entries.items() if not key.endswith("_extra_state")}
        state = {key: v for key, v in entries.items() if key not in weights}
        for name, optimizer in self.optimizers.items():
            if done < self.trainer.players[name].steps.stop:  # else it never moves again
                state |= checkpoint.optimizer_tensors(name, optimizer.algorithm)
        for name, average in self.averages.items():
            state |= {f"ema.{name}.{k}": v for k, v in average.shadow.state_dict().items()}
        facts = {
            "step": done,
            "best": self.best,
            "data": self.source.fingerprint,
            "encodings": self.encodings,
        }
        folder = self.run / "best" if best else checkpoint.step_folder(self.run, done)
        checkpoint.save(folder, weights, state, facts)
        if best or not self.best:
            self.write_generators(done)
        if not best:
            every = self.config.report
            checkpoint.prune(self.run, every.keep, done, always=every.keep_every)

    def write_generators(self, done: int) -> None:
        """The files that `translate` needs, and nothing else."""
        for name, file in self.view.generators.items():
            there = self.config.data.direction
            back = "BtoA" if there == "AtoB" else "AtoB"
            path = self.run / file.format(there, back=back)
            state: Mapping[str, Tensor] = self.networks[name].state_dict()
            save_weights(path, state, self.described(name, back, done))

    def described(self, name: str, back: str, done: int) -> dict[str, Any]:
        """All that is needed to rebuild and use a generator."""
        config, (x, y) = self.config, self.source.encodings
        reverse = name == "F"
        first, second = (y, x) if reverse else (x, y)
        kind, options = specified(
            config, "generator", in_channels=first.planes, out_channels=second.planes
        )
        grown = getattr(self.networks[name], "level", None)
        if grown is not None:
            options["level"] = grown
        return {
            "role": "generator",
            "name": name,
            "mode": config.mode,
            "network": {"name": kind, "options": options},
            "direction": back if reverse else config.data.direction,
            "input": first.model_dump(),
            "output": second.model_dump(),
            "size": config.data.size,
            "resize": config.data.resize,
            "batch_norm": self.mode.batch_norm,
            "step": done,
            "trained_on": self.source.fingerprint,
        }
