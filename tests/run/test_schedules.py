import pytest

from img2img.base.trainer import every
from img2img.config import Config
from img2img.options import overridden
from img2img.presets import SMALL
from img2img.run.configuring import configured
from img2img.run.schedules import Length, described, length, schedule, stage


def of(**changes):
    return overridden(Config(), changes)


@pytest.mark.parametrize(
    ("options", "pictures", "expected"),
    [
        ({"epochs": "2+2"}, 10, Length(40, 20, 10)),
        ({"epochs": "3"}, 10, Length(30, 30, 10)),
        ({"epochs": "2+2", "batch_size": 4}, 10, Length(10, 5, 2)),
        ({"epochs": "1", "batch_size": 64}, 10, Length(1, 1, 1)),
        ({"epochs": "2+2", "steps": 7}, 10, Length(7, 3, 1)),
        ({}, 10, Length(10, 10, 10)),
    ],
)
def test_an_epoch_is_every_picture_once_and_steps_override_it(options, pictures, expected):
    assert length(of(**options), pictures) == expected


def test_epochs_of_the_papers_fall_as_in_the_reference():
    factor = schedule("linear", length(of(epochs="2+2"), 5))
    expected = [1.0] * 10 + [2 / 3] * 5 + [1 / 3] * 5
    assert [factor(step) for step in range(20)] == pytest.approx(expected)


def test_the_last_step_of_a_linear_schedule_still_learns():
    run = length(of(steps=100), 1)
    factor = schedule("linear", run)
    assert factor(0) == factor(49) == 1
    assert 0 < factor(99) < factor(98) < 1


def test_constant_and_cosine_span_the_run():
    run = Length(10, 5, 1)
    assert {schedule("constant", run)(step) for step in range(10)} == {1.0}
    cosine = schedule("cosine", run)
    assert (cosine(0), cosine(5)) == (1, pytest.approx(0.5)) and cosine(9) < 0.05


def test_a_player_of_a_part_of_the_run_has_a_schedule_of_its_own():
    run = Length(100, 50, 1)
    assert stage(run, range(30)) == (0, Length(30, 15, 1))
    assert stage(run, every(1, first=30)) == stage(run, every(5, first=30))
    assert stage(run, every(1, first=30)) == (30, Length(70, 35, 1))
    assert stage(run, every(3)) == (0, run)
    assert stage(run, range(400)) == (0, Length(100, 50, 1))


def test_the_rate_drops_to_a_tenth():
    drop = schedule("drop", Length(10, 4, 1))
    assert [drop(step) for step in (0, 3, 4, 9)] == [1, 1, 0.1, 0.1]


def test_a_schedule_is_said_in_a_line():
    assert described("linear", Length(10, 5, 1), 2e-4) == (
        "10 steps: lr 0.0002 for 5, then linearly towards 0"
    )
    assert described("linear", Length(10, 10, 1), 1e-3) == "10 steps at lr 0.001"
    assert described("drop", Length(10, 5, 1), 1e-4) == "10 steps: lr 0.0001 for 5, then 1e-05"
    assert described("cosine", Length(10, 5, 1), 1) == "10 steps: lr from 1 to 0 by a cosine"


def test_epochs_override_the_towns_steps_and_steps_override_epochs():
    assert configured("cyclegan", {}).steps == SMALL["cyclegan"]["steps"]
    by_epochs = configured("cyclegan", {"epochs": "2+2"})
    assert length(by_epochs, 1000) == Length(4000, 2000, 1000)
    assert length(configured("cyclegan", {"epochs": "2+2", "steps": 9}), 1000).total == 9
    assert length(configured("dcgan", {"data": "photos", "epochs": "1"}), 256).total == 2
