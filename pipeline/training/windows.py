"""Streams of songs -> (batch, time) windows whose state is carried along: truncated backpropagation through time.

The songs are laid end to end, the whole is cut into `batch` long rows, and windows are read off the rows from left to
right: row b of a window goes on where row b of the window before ended. Where an input is `<song>`, a song begins.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.language.vocabulary import SONG, Ids


@dataclass(frozen=True)
class Windows:
    """An order of songs laid out: x, y int32 (batch, windows * time); y is x one step later."""

    x: Ids
    y: Ids
    time: int

    def __len__(self) -> int:
        return self.x.shape[1] // self.time

    def __getitem__(self, number: int) -> tuple[Ids, Ids]:
        """The window of this number: x, y (batch, time)."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        cut = slice(number * self.time, (number + 1) * self.time)
        return self.x[:, cut], self.y[:, cut]

    def __iter__(self) -> Iterator[tuple[Ids, Ids]]:
        return (self[number] for number in range(len(self)))


def lay_out(songs: Sequence[Ids], batch: int, time: int, generator: np.random.Generator | None) -> Windows:
    """Windows over the songs in an order drawn from `generator` (as given when None), each between two `<song>`.

    A few tokens at the end fit no window and wait for the next epoch: the order, and a random first token, change.
    """
    order = range(len(songs)) if generator is None else generator.permutation(len(songs))
    border = np.array([SONG], np.int32)
    stream = np.concatenate([border, *(part for i in order for part in (songs[i], border))])
    if generator is not None:
        stream = np.roll(stream[:-1], -int(generator.integers(len(stream) - 1)))
        stream = np.append(stream, stream[0])
    time = max(1, min(time, (len(stream) - 1) // batch))
    columns = (len(stream) - 1) // (batch * time) * time
    if not columns:
        raise ValueError(f"{len(stream) - 1} tokens do not fill {batch} rows")
    x = stream[: batch * columns].reshape(batch, columns)
    y = stream[1 : batch * columns + 1].reshape(batch, columns)
    return Windows(np.ascontiguousarray(x), np.ascontiguousarray(y), time)
