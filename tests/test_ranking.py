"""The measure that chooses without pairs, on real runs: longer than the ordinary suite allows."""

import pytest
from torch import nn

from img2img.base import checkpoint
from img2img.base.runtime import Runtime
from img2img.run.folder import read_config
from img2img.run.schedules import length
from img2img.run.session import Session
from img2img.run.sources import open_source
from img2img.run.validation import measured
from img2img.train import train


@pytest.mark.stress
@pytest.mark.timeout(1500)
def test_the_more_it_is_trained_the_nearer_and_a_copy_is_far(tmp_path):
    every = {"keep_every": 200, "save": 200, "validate_every": 200, "tensorboard": False}
    run = train("cyclegan", root=tmp_path, steps=800, device="cpu", report=every)
    config = read_config(run)
    source = open_source(config, paired=False)
    steps = length(config, len(source.splits["train"]))
    session = Session(run, config, source, steps, Runtime("cpu"))
    session.begin_averages()

    def distance():
        return measured(session, "val")[0]["swd"]

    found = {"untrained": distance()}
    for step in (200, 400, 800):
        session.restore(checkpoint.load(checkpoint.step_folder(run, step)))
        found[f"step {step}"] = distance()
    for average in session.averages.values():
        average.shadow = nn.Identity()
    found["identity"] = distance()
    print({name: round(value, 4) for name, value in found.items()})
    assert found["untrained"] > found["step 200"] > found["step 400"] > found["step 800"]
    assert found["identity"] > 2 * found["step 200"]
