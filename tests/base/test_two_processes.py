import subprocess
import sys
from pathlib import Path

import torch
import two_processes


def test_two_processes_on_halves_train_like_one_on_the_whole(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", two_processes.__file__, str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    expected = two_processes.everything()
    first, second = (torch.load(tmp_path / f"{process}.pt") for process in range(2))
    for name, one in expected.items():
        two = first[name]
        for key, value in second[name].items():
            assert torch.equal(value, two[key]), f"the processes differ in {key}"
        exact = name.endswith("float64")
        watched = [key for key in one if exact or key == "losses"]
        scale = 1.0 if exact else one["losses"].abs().clamp(min=1)
        worst = max(((one[key] - two[key]).abs() / scale).max().item() for key in watched)
        print(f"{name}: {'everything' if exact else 'losses'} within {worst:.1e}")
        assert one["losses"][0].norm() > 0.1
        assert worst < (1e-9 if exact else 1e-5)
