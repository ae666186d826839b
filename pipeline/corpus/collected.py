"""The pieces of a source put together, in their order: columns, tallies, sizes read, and the account so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.corpus.account import Account, Size, total
from pipeline.corpus.build import Columns, join
from pipeline.corpus.compose import Piece
from pipeline.corpus.raw import Skip
from pipeline.corpus.tally import Tallies, Tally, join_tallies


@dataclass
class Collected:
    """All songs of a source, duplicates included. `account` knows what was read, not yet what became of the songs."""

    columns: Columns
    tallies: Tallies
    read: list[Size]
    account: Account = field(default_factory=Account)
    skipped: list[Skip] = field(default_factory=list)
    files: int = 0
    unusable: int = 0

    def close(self, keep: npt.NDArray[np.bool_], kept: Size) -> Tally:
        """Enter the songs in the account, of which those that `keep` (bool[songs]) names stay, holding `kept`.

        Returns what the rules did to those that stay.
        """
        left = [size for size, stays in zip(self.read, keep, strict=True) if not stays]
        self.account.drop("duplicates", "Songs that are there more than once", total(left), len(left))
        tally = self.tallies.total(keep)
        tally.enter(self.account)
        self.account.kept = kept
        return tally


def collect(pieces: Iterable[Piece]) -> Collected:
    """One of all pieces."""
    whole = Collected(Columns(), Tallies(), [])
    kept = [_take(piece, whole) for piece in pieces]
    whole.columns = join(columns for columns, _ in kept)
    whole.tallies = join_tallies(tallies for _, tallies in kept)
    whole.files = max(whole.files, 1)
    return whole


def _take(piece: Piece, whole: Collected) -> tuple[Columns, Tallies]:
    whole.read += piece.read
    whole.skipped += piece.skipped
    whole.files += piece.files
    whole.unusable += piece.unusable
    whole.account.read += piece.account.read
    for rule, entry in piece.account.entries.items():
        whole.account.drop(rule, entry.what, entry.size, entry.count)
    return piece.columns, piece.tallies
