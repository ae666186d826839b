"""What became of a source, a piece after the other: tallies, sizes read, files skipped, and the account so far."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.core.translation import mark
from pipeline.corpus.account import Account, Size, Tallies, Tally, total
from pipeline.corpus.song import Skip


class Collectable(Protocol):
    """What a batch of songs says of itself: `compose.Piece`, `shards.Partial`."""

    @property
    def tallies(self) -> Tallies: ...
    @property
    def read(self) -> list[Size]: ...
    @property
    def account(self) -> Account: ...
    @property
    def skipped(self) -> list[Skip]: ...
    @property
    def files(self) -> int: ...
    @property
    def unusable(self) -> int: ...


@dataclass
class Collected:
    """Of all songs of a source, duplicates included. `account` knows what was read, not what became of the songs."""

    tallies: Tallies = field(default_factory=Tallies)
    read: list[Size] = field(default_factory=list)
    account: Account = field(default_factory=Account)
    skipped: list[Skip] = field(default_factory=list)
    files: int = 0
    unusable: int = 0

    def take(self, piece: Collectable) -> None:
        """Take in the next piece."""
        self.tallies.extend(piece.tallies)
        self.read += piece.read
        self.skipped += piece.skipped
        self.files += piece.files
        self.unusable += piece.unusable
        self.account.read += piece.account.read
        for rule, entry in piece.account.entries.items():
            self.account.drop(rule, entry.what, entry.size, entry.count)

    def close(self, keep: npt.NDArray[np.bool_], kept: Size) -> Tally:
        """Enter the songs in the account, of which those that `keep` (bool[songs]) names stay, holding `kept`.

        Returns what the rules did to those that stay.
        """
        left = [size for size, stays in zip(self.read, keep, strict=True) if not stays]
        self.account.drop("duplicates", mark("Songs that are there more than once"), total(left), len(left))
        tally = self.tallies.total(keep)
        tally.enter(self.account)
        self.account.kept = kept
        return tally
