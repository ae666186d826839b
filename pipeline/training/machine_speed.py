"""How fast this machine multiplies matrices like those of a training, measured in a second and a half.

Runs that came with Seize were trained on another machine: what they took is scaled by what both can do. Needs no
TensorFlow. `python -m pipeline.training.machine_speed` prints the figure.
"""

import os
import subprocess
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

from pipeline.processes.jobs import job_environment

SHIPPED_SPEED = 75e9  # multiplications a second where shipped runs were trained; 70e9 train at 0.92 of their speed
_BATCH, _UNITS = 64, 512  # rows of a product, and what a layer of the shipped networks is wide
_SECONDS, _PATIENCE = 1.5, 20.0
_TOGETHER = 20  # products between two looks at the clock


def machine_speed(seconds: float = _SECONDS) -> float:
    """Multiplications a second of this machine's cores, in products of 64 x 512 by 512 x 2,048 float32."""
    rows, weights = np.full((_BATCH, _UNITS), 1e-3, np.float32), np.full((_UNITS, 4 * _UNITS), 1e-3, np.float32)
    out = np.empty((_BATCH, 4 * _UNITS), np.float32)
    with threadpool_limits(os.cpu_count()):
        done, gone, start = 0, 0.0, time.perf_counter()
        while gone < seconds:
            for _ in range(_TOGETHER):
                np.matmul(rows, weights, out=out)
            done, gone = done + _TOGETHER, time.perf_counter() - start
    return done * rows.size * weights.shape[1] / gone


def ask_machine_speed() -> float:
    """`machine_speed` in a process of its own, where a training's settings of threads hold; NaN when it fails."""
    try:
        command = [sys.executable, "-m", __name__]
        said = subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE, env=job_environment())
        return float(said.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return float("nan")


if __name__ == "__main__":
    print(machine_speed())
