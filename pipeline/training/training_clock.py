"""Wall time of a training that may have begun before."""

import time


class TrainingClock:
    """Wall time of training, going on from where an earlier part stopped."""

    def __init__(self, before: float) -> None:
        self._start = time.monotonic() - before
        self._lap = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def lap(self) -> float:
        now = time.monotonic()
        lap, self._lap = now - self._lap, now
        return max(lap, 1e-9)
