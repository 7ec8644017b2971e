from pathlib import Path

import pytest
import yaml

from img2img.config import Config
from img2img.options import flat, overridden


def test_configurations_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        Config().seed = 1


@pytest.mark.parametrize(
    ("size", "load", "depth", "blocks"),
    [(256, 286, 8, 9), (128, 143, 7, 6), (64, 72, 6, 6), (512, 572, 8, 9), (100, 112, 6, 6)],
)
def test_what_is_not_given_follows_from_the_size(size, load, depth, blocks):
    config = overridden(Config(), {"data": {"size": size}}).completed()
    generator = config.generator
    assert (config.data.load, generator.depth, generator.blocks) == (load, depth, blocks)
    given = {"data": {"size": size, "load": 700}, "generator": {"depth": 3, "blocks": 0}}
    config = overridden(Config(), given).completed()
    assert (config.data.load, config.generator.depth, config.generator.blocks) == (700, 3, 0)


def test_every_field_has_its_sentence():
    def fields(model, prefix=""):
        for name, field in model.model_fields.items():
            inner = field.annotation
            if hasattr(inner, "model_fields"):
                yield from fields(inner, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", field.description

    described = dict(fields(Config))
    assert list(described) == list(flat(Config().model_dump()))
    assert [name for name, text in described.items() if not text] == []


def test_the_yaml_is_plain(tmp_path):
    assert Config.model_validate(yaml.safe_load(Config().yaml())) == Config()
    assert Path not in map(type, flat(Config().model_dump()).values())
