"""Draw docs/superres.png: what the built-in x4 makes of photographs that it was not trained on."""

from pathlib import Path

from img2img import images
from img2img.data.imresize import shrunk
from img2img.data.photos import photos
from img2img.models import load_generator

CROPS = {"chelsea": (80, 130), "coffee": (150, 200)}  # top and left, in pixels
SIDE = 160

models = [load_generator(f"builtin:{name}-x4") for name in ("bicubic", "sr")]
held_out = photos().splits["val"].A
rows = []
for index in range(len(held_out)):
    photo = held_out[index]
    height, width = (side // 4 * 4 for side in photo.shape[:2])
    photo = photo[:height, :width]
    top, left = CROPS[held_out.stem(index)]
    place = slice(top, top + SIDE), slice(left, left + SIDE)
    row = [model(shrunk(photo, 4)) for model in models] + [photo]
    rows.append([images.resize(it[place], 2 * SIDE, 2 * SIDE, nearest=True) for it in row])
images.write(Path("docs/superres.png"), images.grid(rows, ["bicubic x4", "sr-x4", "original"]))
