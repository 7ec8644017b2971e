import json
from math import inf, isnan

import pytest

from img2img.compare import compare

PROTOCOL = {
    "name": "pytorch-fid", "extractor": "inception-fid:pool3", "sha256": "0" * 64,
    "resize": "bilinear", "range": [0, 255], "fakes": 9, "reals": 8,
    "resolutions": {"fakes": "9 x 9", "reals": "9 x 9"}, "reals_sha256": "1" * 64,
    "split": "test", "seed": 0, "undefined": 0, "counted": 1.0, "version": "1",
    "definition": "Frechet distance",
}  # fmt: skip


@pytest.fixture
def report(tmp_path):
    """Writes a report of these values, their protocol changed by what is given."""

    def write(file, values, /, **changes):
        protocol = {**PROTOCOL, **changes}
        metrics = {key: {"value": value, "protocol": protocol} for key, value in values.items()}
        path = tmp_path / f"{file}.json"
        path.write_text(json.dumps({"metrics": metrics, "files": []}))
        return path

    return write


def test_equal_protocols_give_differences_of_the_second_to_the_first(report):
    found = compare(report("a", {"fid": 5, "kid": 1}), report("b", {"swd": 2, "fid": 3.5}))
    (pair,) = found.pairs
    assert (pair.name, pair.values, pair.difference) == ("fid", (5, 3.5), -1.5)
    assert found.only == (["kid"], ["swd"]) and found.versions == ()
    assert json.loads(found.json())["metrics"]["fid"] == {"values": [5, 3.5], "difference": -1.5}


@pytest.mark.parametrize("key", [key for key in PROTOCOL if key not in ("version", "split")])
def test_whatever_else_differs_is_refused_by_its_name(report, key):
    one = report("a", {"fid": 5})
    with pytest.raises(ValueError, match=rf"fid was measured by two protocols \({key} .* and x\)"):
        compare(one, report("b", {"fid": 5}, **{key: "x"}))
    without = {name: value for name, value in PROTOCOL.items() if name != key}
    other = json.loads(one.read_text())
    other["metrics"]["fid"]["protocol"] = without
    (one.parent / "c.json").write_text(json.dumps(other))
    with pytest.raises(ValueError, match=f"{key} .* and None"):
        compare(one, one.parent / "c.json")


@pytest.mark.parametrize("key", ["run", "version", "unmatched", "match", "mask", "split"])
def test_what_is_measured_may_differ(report, key):
    found = compare(report("a", {"fid": 5}, **{key: "x"}), report("b", {"fid": 5}, **{key: "y"}))
    assert [pair.name for pair in found.pairs] == ["fid"]
    assert found.versions == (("x", "y") if key == "version" else ())


def test_metrics_that_are_named_are_compared_alone_and_each_once(report):
    one, other = report("a", {"fid": 5, "kid": 1}), report("b", {"kid": 2, "fid": 3})
    assert [pair.name for pair in compare(one, other, metrics=["kid", "kid"]).pairs] == ["kid"]
    assert [pair.name for pair in compare(one, other, metrics="kid, fid").pairs] == ["kid", "fid"]
    for names, message in ((["swd"], r"a\.json has no swd; it has fid, kid"), ([], "no metric is")):
        with pytest.raises(ValueError, match=message):
            compare(one, other, metrics=names)
    with pytest.raises(ValueError, match="share no metric; measure both by the same"):
        compare(one, report("c", {"l1": 0}))


def test_what_is_undefined_or_infinite_stays_so(report):
    one, other = report("a", {"psnr": None}), report("b", {"psnr": 3})
    other.write_text(other.read_text().replace('"value": 3', '"value": 1e999'))
    (pair,) = compare(one, other).pairs
    assert isnan(pair.values[0]) and pair.values[1] == inf and isnan(pair.difference)
    assert json.loads(compare(one, other).json())["metrics"]["psnr"]["values"] == [None, inf]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "3", '{"metrics": 3}', '{"metrics": {"fid": 3}}', "\0\xff",
        '{"metrics": {"fid": {"value": "x", "protocol": {}}}}',
        '{"metrics": {"fid": {"value": 3, "protocol": 4}}}',
        '{"metrics": {"fid": {"protocol": {}}}}',
    ],
)  # fmt: skip
def test_what_is_no_report_is_said_to_be_none(report, tmp_path, text):
    damaged = tmp_path / "damaged.json"
    damaged.write_text(text)
    with pytest.raises(ValueError, match=r"damaged\.json is no report of evaluate; write one by"):
        compare(report("a", {"fid": 5}), damaged)
    with pytest.raises(ValueError, match=r"there is no report .*none\.json; give a file that"):
        compare(tmp_path / "none.json", damaged)
