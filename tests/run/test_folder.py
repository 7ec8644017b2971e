import os

import pytest
from tiny import finished

from img2img.config import Config, UsageError
from img2img.options import overridden
from img2img.run.folder import LockedError, locked, read_config, standing, write_config


def test_a_lock_is_for_one_and_is_given_back(tmp_path):
    run = tmp_path / "runs" / "a"
    with locked(run):
        assert (run / "lock").read_text().startswith(f"process {os.getpid()} on ")
        with pytest.raises(LockedError, match=f"{run} is being trained by process"), locked(run):
            raise AssertionError
    with locked(run):
        pass


def test_a_lock_sweeps_what_the_dead_left(tmp_path):
    (tmp_path / ".tmp-999999999-abcdef").mkdir()
    (tmp_path / f".tmp-{os.getpid()}-abcdef").write_text("alive")
    with locked(tmp_path):
        names = {path.name for path in tmp_path.iterdir()}
    assert names == {f".tmp-{os.getpid()}-abcdef", "lock"}


def test_a_configuration_is_read_as_it_was_written(tmp_path):
    config = overridden(Config(), {"data": {"size": 64}, "epochs": "1+2"})
    write_config(tmp_path, config)
    assert read_config(tmp_path) == config


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(ValueError, match=r"is no run: it has no config.yaml"):
        read_config(tmp_path)
    (tmp_path / "config.yaml").write_text("sise: 3\n")
    with pytest.raises(ValueError, match="does not fit this version: unknown option sise") as error:
        read_config(tmp_path)
    assert not isinstance(error.value, UsageError)  # no fault of the command line


def test_a_run_that_was_never_saved_begins_again():
    run = finished("cyclegan")
    config = read_config(run)
    found, warnings = standing(run, config, "auto")
    assert found.step == 4 and warnings == []


def test_a_run_without_checkpoints_begins_again(tmp_path):
    write_config(tmp_path, Config())
    assert standing(tmp_path, overridden(Config(), {"seed": 1}), "auto") == (None, [])
    assert standing(tmp_path, Config(), "never") == (None, [])
    with pytest.raises(UsageError, match="no run in"):
        standing(tmp_path, Config(), "must")
    assert standing(tmp_path / "new", Config(), "never") == (None, [])


def test_a_run_that_never_began_leaves_no_folder(tmp_path):
    with pytest.raises(ValueError, match="refused"), locked(tmp_path / "run"):
        raise ValueError("refused")
    assert not (tmp_path / "run").exists()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.yaml").write_text("")
    with pytest.raises(ValueError, match="stopped"), locked(tmp_path / "run"):
        raise ValueError("stopped")
    assert (tmp_path / "run" / "config.yaml").exists()
