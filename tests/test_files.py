import errno
import os
import subprocess
import sys

import pytest

from img2img import files


def test_a_file_is_replaced_whole_and_follows_the_umask(tmp_path):
    path = tmp_path / "made" / "a.bin"
    files.write(path, b"old")
    files.write(path, b"new")
    mask = os.umask(0)
    os.umask(mask)
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask
    assert os.listdir(path.parent) == ["a.bin"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "a.bin"
    files.write(path, b"old")

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, step, fail)
    with pytest.raises(OSError, match=r"No space left on device.*a\.bin"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.bin"]


def test_what_fails_is_said_though_nothing_can_be_removed_either(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system", "/.tmp-1-0a")

    monkeypatch.setattr(files, "open", fail, raising=False)
    monkeypatch.setattr(files.Path, "unlink", fail)
    with pytest.raises(OSError, match="Read-only") as error:
        files.write(tmp_path / "a.bin", b"new")
    assert error.value.filename == str(tmp_path / "a.bin")


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write(tmp_path / "a.bin", b"new")
    assert os.listdir(tmp_path) == []


def test_a_link_is_replaced_and_its_target_kept(tmp_path):
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    files.write(tmp_path / "link", b"new")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert (tmp_path / "link").read_bytes() == b"new"


def test_a_folder_appears_only_when_it_is_finished(tmp_path):
    with files.folder(tmp_path / "step") as building:
        (building / "a").write_bytes(b"1")
        assert not (tmp_path / "step").exists()
    assert os.listdir(tmp_path) == ["step"]
    assert (tmp_path / "step" / "a").read_bytes() == b"1"


def test_an_unfinished_folder_is_removed(tmp_path):
    with pytest.raises(ZeroDivisionError), files.folder(tmp_path / "step") as building:
        (building / "a").write_bytes(b"1")
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["", "A", "A/0.png"])
def test_what_could_not_be_written_is_named_as_it_would_be_called(tmp_path, name):
    with pytest.raises(PermissionError, match="no luck") as error:  # noqa: SIM117
        with files.folder(tmp_path / "step") as building:
            raise OSError(errno.EACCES, "no luck", str(building / name))
    assert error.value.filename == str(tmp_path / "step" / name)
    assert os.listdir(tmp_path) == []


def test_a_folder_that_cannot_be_begun_is_named(tmp_path, monkeypatch):
    def fail(path):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(files.Path, "mkdir", lambda path, **options: options or fail(path))
    with pytest.raises(OSError, match="Read-only") as error, files.folder(tmp_path / "step"):
        pass
    assert error.value.filename == str(tmp_path / "step")


def test_errors_from_elsewhere_keep_their_name(tmp_path):
    with pytest.raises(OSError, match="none") as error, files.folder(tmp_path / "step"):
        (tmp_path / "none").read_bytes()
    assert error.value.filename == str(tmp_path / "none")


def test_room_is_made_by_removing_an_empty_folder_alone(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full" / "deep").mkdir(parents=True)
    files.vacate(tmp_path / "none")
    files.vacate(tmp_path / "empty")
    with pytest.raises(ValueError, match=r"cannot replace .*full \(.*\); name a new folder"):
        files.vacate(tmp_path / "full")
    assert os.listdir(tmp_path) == ["full"]
    monkeypatch.chdir(tmp_path / "full" / "deep")
    with pytest.raises(ValueError, match=r"cannot replace \. \(.*\); name a new folder"):
        files.vacate(files.Path())


def test_an_existing_folder_is_never_replaced(tmp_path):
    (tmp_path / "step").mkdir()
    with pytest.raises(FileExistsError, match="exists already"), files.folder(tmp_path / "step"):
        pass
    assert os.listdir(tmp_path) == ["step"]


def test_sweep_takes_only_what_dead_processes_left(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    orphans = {f".tmp-{dead.pid}-0a", f".tmp-{dead.pid}-0b"}
    kept = {f".tmp-{os.getpid()}-0a", ".tmp-1-0a", ".tmp-draft", "picture.png"}
    for name in kept | orphans - {f".tmp-{dead.pid}-0b"}:
        (tmp_path / name).touch()
    (tmp_path / f".tmp-{dead.pid}-0b" / "deep").mkdir(parents=True)
    assert {path.name for path in files.sweep(tmp_path)} == orphans
    assert set(os.listdir(tmp_path)) == kept


def test_the_built_in_town_is_found():
    assert (files.builtin("town") / "palette.txt").is_file()


def test_an_unknown_built_in_set_is_one_sentence():
    with pytest.raises(ValueError, match="unknown built-in data set 'twon'; choose from"):
        files.builtin("twon")


def test_a_temporary_name_is_gone_after_the_block_and_swept_after_a_crash(tmp_path):
    with files.temporary(tmp_path / "a") as other:
        other.write_text("half")
        assert files.TEMPORARY.fullmatch(other.name) and other.parent == tmp_path
    assert [*tmp_path.iterdir()] == []
    with pytest.raises(OSError) as caught, files.temporary(tmp_path / "a") as other:
        raise OSError(28, "No space left on device")
    assert caught.value.filename == str(tmp_path / "a")
