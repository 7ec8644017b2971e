import os

from hypothesis import settings

# pytest-xdist fills the cores already; read when torch is first imported, by child processes too
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("img2img", deadline=None)  # the first example pays for torch's start
settings.load_profile("img2img")
