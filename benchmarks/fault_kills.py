"""SIGKILL at a random moment of a command: is what was there whole, and does the command succeed afterwards?"""

import contextlib
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from fault_bench import SMALL_TRAINING, Bench


def kills(
    bench: Bench, times: int, rng: np.random.Generator, which: Sequence[str]
) -> Iterator[tuple[str, Counter[str]]]:
    """Kill each of the commands at random moments of its life."""
    for what in which:
        yield what, kill(bench, what, times, rng)


def kill(bench: Bench, what: str, times: int, rng: np.random.Generator) -> Counter[str]:
    command = bench.commands[what]
    bench.reset(what)
    start = time.monotonic()
    bench.start(*command).communicate()
    life, counts = time.monotonic() - start, Counter[str]()
    for _ in range(times):
        bench.reset(what)
        process = bench.start(*command)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(float(rng.uniform(0.1, 1.05) * life))
        process.send_signal(signal.SIGKILL)
        told = process.communicate()[1]
        counts["killed" if process.returncode == -signal.SIGKILL else "ended before"] += 1
        counts["traceback"] += b"Traceback" in told
        counts["LOST"] += not bench.is_whole()
        if what == "train" and process.returncode:
            counts[_resume(bench)] += 1
    counts["fails afterwards"] += _fails(bench, what, command)
    return +counts


def _resume(bench: Bench) -> str:
    """What becomes of a killed training when it is taken up again, from its checkpoint if it had come to one."""
    from pipeline.runs.run import checkpoint_path

    again = ("--resume",) if checkpoint_path("fresh").exists() else ()
    process = bench.start("train", "mine", "--name", "fresh", *SMALL_TRAINING, "--replace", *again)
    told = process.communicate()[1].decode()
    if process.returncode or not bench.is_whole():
        print(f"train {' '.join(again)}: {told[-300:]}")
        return "NOT RESUMED"
    return "resumed" if again else "begun afresh"


def _fails(bench: Bench, what: str, command: tuple[str, ...]) -> bool:
    bench.reset(what)
    process = bench.start(*command)
    told = process.communicate()[1]
    if process.returncode:
        print(f"{what} afterwards: {told.decode()[-300:]}")
    return bool(process.returncode)
