from img2img import files, images
from img2img.data.photos import VAL, photos


def test_two_photographs_are_kept_for_validation_and_the_others_train():
    splits = photos().splits
    stems = {name: {split.A.stem(i) for i in range(len(split.A))} for name, split in splits.items()}
    assert stems["val"] == {*VAL} and len(stems["train"]) == 11
    assert all(split.B is None for split in splits.values())


def test_every_photograph_has_a_licence():
    licences = (files.builtin("photos") / "LICENCES.md").read_text()
    for split in photos().splits.values():
        for file in split.A.files:
            [row] = [line for line in licences.splitlines() if line.startswith(f"| {file.name} |")]
            known = ("public domain", "CC0 1.0", "CC BY 2.0", "CC BY 4.0")
            assert any(name in row for name in known)


def test_every_photograph_holds_the_usual_crops():
    for split in photos().splits.values():
        for file in split.A.files:
            width, height, channels = images.size(file)
            assert min(width, height) >= 192 and channels in (1, 3)
