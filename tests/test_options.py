import re

import pytest

from img2img.config import Config, UsageError
from img2img.options import differences, merged, overridden, read_yaml
from img2img.run.configuring import configured


def test_a_configuration_survives_its_yaml(tmp_path):
    config = configured("pix2pix", {"data": {"path": "a: b #c"}, "epochs": "1+1"})
    (tmp_path / "run.yaml").write_text(config.yaml())
    assert overridden(Config(), read_yaml(tmp_path / "run.yaml")) == config


def test_later_changes_win_key_by_key():
    config = overridden(Config(), {"data": {"size": 64}}, {"data": {"flip": False}, "seed": 3})
    assert (config.data.size, config.data.flip, config.seed) == (64, False, 3)
    assert merged({"a": {"b": 1}, "c": 2}, {"a": {"d": 3}}) == {"a": {"b": 1, "d": 3}, "c": 2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": {"sise": 3}}, "unknown option data.sise, did you mean data.size?"),
        ({"lr": 0.1}, "unknown option lr, did you mean optimization.lr?"),
        ({"qqqqqq": 1}, "unknown option qqqqqq"),
        (
            {"data": {"size": 3}},
            "data.size: input should be greater than or equal to 8, not 3",
        ),
        (
            {"generator": {"name": "resent"}},
            "generator.name: input should be 'unet', 'resnet', .*or 'edsr', not 'resent'",
        ),
        ({"epochs": "two"}, "epochs: 'two' is not understood; give 200"),
        ({"content": {"features": "vgg19"}}, "content.features: 'vgg19' .* vgg19:relu5_4"),
        ({"data": "photos"}, "data: input should be"),
        ({"seed": -1, "steps": 0}, "seed: .*-1; steps: .*not 0"),
    ],
)
def test_a_wrong_key_or_value_is_named_by_its_dotted_key(changes, message):
    with pytest.raises(UsageError, match=message.replace("?", r"\?")) as error:
        overridden(Config(), changes)
    assert "\n" not in str(error.value)


def test_yaml_may_be_nested_or_dotted(tmp_path):
    (tmp_path / "run.yaml").write_text("data.size: 64\ndata:\n  flip: false\ndata.turns: true\n")
    assert read_yaml(tmp_path / "run.yaml") == {
        "data": {"size": 64, "flip": False, "turns": True},
    }
    (tmp_path / "run.yaml").write_text("epochs: 20\n")
    assert overridden(Config(), read_yaml(tmp_path / "run.yaml")).epochs == "20"
    (tmp_path / "run.yaml").write_text("data: photos\ndata.size: 64\n")
    assert read_yaml(tmp_path / "run.yaml") == {"data": {"path": "photos", "size": 64}}
    (tmp_path / "run.yaml").write_text("")
    assert read_yaml(tmp_path / "run.yaml") == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[1, 2]", "holds a list, not a mapping"),
        (b"a: [", "is no YAML file"),
        (b"\xff\xfe\x00", "is no YAML file"),
        (b"a: !!python/object/apply:os.getcwd []", "is no YAML file"),
    ],
)
def test_what_is_no_yaml_of_options_is_one_sentence(content, message, tmp_path):
    path = tmp_path / "run.yaml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=re.escape(str(path)) + f".*{message}") as error:
        read_yaml(path)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"there is no configuration file .*none.yaml; give"):
        read_yaml(tmp_path / "none.yaml")


def test_differences_are_named_but_those_to_be_ignored():
    other = overridden(Config(), {"data": {"size": 64, "workers": 3}, "report": {"keep": 9}})
    assert differences(Config(), other, ignoring=("data.workers", "report.")) == [
        "data.size: 256 -> 64"
    ]


def test_what_a_group_refuses_is_said_in_its_own_words():
    with pytest.raises(UsageError, match=r"^growth: doublings are rising steps from 1 on$"):
        overridden(Config(), {"growth": {"doublings": (8, 4)}})
