"""Draw what a run makes of the same noise as it is trained: the first row of some of its sheets.

python tools/draw_noise.py checkpoints/progressive docs/progressive.png 400 600 1000 1200 2800
"""

import sys
from pathlib import Path

from img2img import images
from img2img.run.loop import ROWS

run, out, *steps = sys.argv[1:]
rows, notes = [], []
for step in map(int, steps):
    sheet = images.read(Path(run) / "samples" / f"{step:08d}.png")
    top = images.GAP + images.LINE  # beneath the titles
    rows.append([sheet[top : top + (len(sheet) - top) // ROWS - images.GAP, images.GAP :]])
    notes.append(f"after step {step}")
images.write(Path(out), images.grid(rows, notes=notes))
