"""How fast the machine multiplies is told by a process of its own, or not at all."""

import math
import subprocess

import pytest

from pipeline.runs.run import load_run
from pipeline.training.estimate import SHIPPED_MULTIPLICATION_RATE, ask_machine_speed, machine_speed, training_facts


def test_a_speed_in_multiplications_a_second():
    assert 1e7 < machine_speed(1e-9) < 1e13


@pytest.mark.slow
def test_asked_of_another_process():
    assert ask_machine_speed() > 1e7


def test_a_process_that_fails_says_nothing(monkeypatch: pytest.MonkeyPatch):
    def fail(*args, **options):
        raise subprocess.TimeoutExpired("python", 20)

    monkeypatch.setattr(subprocess, "run", fail)
    assert math.isnan(ask_machine_speed())


def test_shipped_runs_are_of_another_machine():
    found = training_facts(load_run("demo-char"))
    assert found is not None
    assert found.machine == SHIPPED_MULTIPLICATION_RATE
