import builtins
from hashlib import sha256

import numpy as np
import onnx
import pytest
from numpy.testing import assert_array_equal
from onnx import TensorProto, helper
from PIL import Image

from img2img import images
from img2img.base.metrics.comparison import Question
from img2img.couples import couples
from img2img.judging import judge
from img2img.segmenting import segmenter

PHOTO = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)


def network(path, outputs=3, *, stride=1, labels=False, size=("h", "w"), **metadata):
    """A 1 x 1 convolution whose class k has the weight of channel k alone."""
    kernel = np.eye(outputs, 3, dtype=np.float32)[..., None, None]
    nodes = [helper.make_node("Conv", ["x", "kernel"], ["logits"], strides=[stride, stride])]
    shape = [1, outputs, "h2", "w2"]
    if labels:
        nodes.append(helper.make_node("ArgMax", ["logits"], ["y"], axis=1, keepdims=0))
        given = helper.make_tensor_value_info("y", TensorProto.INT64, [1, "h2", "w2"])
    else:
        given = helper.make_tensor_value_info("logits", TensorProto.FLOAT, shape)
    graph = helper.make_graph(
        nodes,
        "segmenter",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, *size])],
        [given],
        [helper.make_tensor("kernel", TensorProto.FLOAT, kernel.shape, kernel.ravel())],
    )
    return saved(graph, path, metadata)


def saved(graph, path, metadata=None):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    helper.set_model_props(model, metadata or {})
    onnx.save(model, path)
    return path


@pytest.mark.parametrize("labels", [False, True])
def test_a_file_gives_the_class_of_the_greatest_logit_or_labels(tmp_path, labels):
    made = segmenter(network(tmp_path / "a.onnx", labels=labels))
    assert_array_equal(made.label(PHOTO), PHOTO.argmax(2))
    assert made.label(PHOTO).dtype == np.int64
    assert made.classes == (None if labels else 3)
    gray = PHOTO[..., :1]
    assert_array_equal(made.label(gray), np.zeros((12, 16)))


def test_it_is_told_by_its_name_and_its_hash(tmp_path):
    path = network(tmp_path / "a.onnx")
    assert segmenter(path).told == f"a.onnx (SHA-256 {sha256(path.read_bytes()).hexdigest()})"


@pytest.mark.parametrize("stride", [4, 7])
def test_coarse_labels_are_enlarged_to_the_nearest_as_pillow_does(tmp_path, stride):
    made = segmenter(network(tmp_path / "a.onnx", stride=stride))
    coarse = PHOTO[::stride, ::stride].argmax(2).astype(np.uint8)
    expected = Image.fromarray(coarse).resize((16, 12), Image.Resampling.NEAREST)
    assert_array_equal(made.label(PHOTO), np.asarray(expected))


def test_the_metadata_say_what_is_taken_off_and_divided_by(tmp_path):
    mean, std = [0.9, 0.0, 0.1], [1.0, 2.0, 0.5]
    path = network(tmp_path / "a.onnx", mean=str(mean), std=str(std))
    assert_array_equal(segmenter(path).label(PHOTO), ((PHOTO / 255 - mean) / std).argmax(2))
    for bad in ("0.1, 0.2", '"mean"', "[1, 2]"):
        with pytest.raises(ValueError, match=r"b\.onnx says std .*; write three numbers as JSON"):
            segmenter(network(tmp_path / "b.onnx", std=bad))


def test_a_function_is_a_segmenter():
    def red(picture):
        return picture[..., 0] > 127

    made = segmenter(red)
    assert (made.told, made.classes) == ("the function red", None)
    assert_array_equal(made.label(PHOTO), PHOTO[..., 0] > 127)
    assert made.label(PHOTO[..., :1]).shape == (12, 16)


def test_what_cannot_be_segmented_is_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"the segmenter gives \(3, 16\), not a label for each of"):
        segmenter(lambda picture: picture[:3, :, 0]).label(PHOTO)
    with pytest.raises(ValueError, match="uint8, gray or RGB, not uint16 in 3 channels; convert"):
        segmenter(np.argmax).label(PHOTO.astype(np.uint16))
    with pytest.raises(ValueError, match=r"there is no segmenter .*none\.onnx; give an ONNX file"):
        segmenter(tmp_path / "none.onnx")
    fixed = segmenter(network(tmp_path / "fixed.onnx", size=(8, 8)))
    with pytest.raises(ValueError, match=r"does not take 16 x 12 pixels \(.*\); export it for pic"):
        fixed.label(PHOTO)
    (tmp_path / "text.onnx").write_text("no network")
    with pytest.raises(ValueError, match=r"text\.onnx cannot be read as ONNX \(.*\); export it"):
        segmenter(tmp_path / "text.onnx")
    rows = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 3]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "rows", rows[:1], rows[1:])
    saved(graph, tmp_path / "rows.onnx")
    with pytest.raises(
        ValueError, match=r"rows\.onnx is no segmenter: it takes .* ranks \[2\], no"
    ):
        segmenter(tmp_path / "rows.onnx")
    imported = builtins.__import__

    def without(name, *rest):
        if name == "onnxruntime":
            raise ImportError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ValueError, match=r"fixed\.onnx needs onnxruntime; install img2img\[onnx\]"):
        segmenter(tmp_path / "fixed.onnx")


def test_photos_are_judged_by_the_label_maps_they_were_made_from(tmp_path):
    path = network(tmp_path / "net.onnx")
    labels = PHOTO.argmax(2).astype(np.uint8)[..., None]
    labels[:3] = (labels[:3] + 1) % 3
    labels[3] = 255
    images.write(tmp_path / "fake" / "a.png", PHOTO)
    images.write(tmp_path / "real" / "a.png", labels)
    pairs, _ = couples(tmp_path / "fake", tmp_path / "real", "name")
    question = Question(classes=3, ignore=255, segmenter=segmenter(path))
    report = judge(pairs, question.about(pairs[0].real()), {})
    assert report.metrics["accuracy"]["value"] == 8 / 11
    told = report.metrics["accuracy"]["protocol"]["definition"]
    digest = sha256(path.read_bytes()).hexdigest()
    assert f"net.onnx (SHA-256 {digest}) for fakes and pixel value for real pictures" in told
    five = question._replace(classes=5)
    with pytest.raises(ValueError, match=r"net\.onnx .* tells 3 classes apart, but .* have 5; giv"):
        five.about(pairs[0].real())
    beyond = question._replace(segmenter=segmenter(lambda picture: picture[..., 0]))
    with pytest.raises(ValueError, match=r"^a: labels 0 to 25. of 3 classes"):
        judge(pairs, beyond.about(pairs[0].real()), {})
