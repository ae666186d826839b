"""Make the table of whole texts (texts.csv.xz) from texts under heads, as data/texts/README.md says.

    python data/texts/make_table.py texts.txt.xz data/texts/texts.csv.xz

A text is a head `[n : 12 | champ : rue | qui : je | temps : présent | rimes : AABB | ton : … | mots : a, b, c]` and its
lines; an empty line stands between texts. Raises ValueError for a text of another form.
"""

import argparse
import csv
import io
import lzma
import re
from collections.abc import Iterator
from pathlib import Path

COLUMNS = ("title", "artist", "field", "who", "tense", "rhymes", "lyrics")
LINES = 16


def read_texts(text: str) -> Iterator[tuple[str, ...]]:
    """Yield a row of `COLUMNS` a text: its words and number are its title, its tone is its artist.

    A tone is cut at its first comma, and who speaks before a bracket: *rap narratif*, *vous*.
    """
    for block in filter(str.strip, text.split("\n\n")):
        head, *lines = block.strip().splitlines()
        fields = dict(part.split(" : ", 1) for part in head.strip("[]").split(" | "))
        if len(lines) != LINES:
            raise ValueError(f"{len(lines)} lines, not {LINES}, under {head}")
        title = f"{', '.join(split_words(fields['mots']))} ({fields['n']})"
        tone, who = fields["ton"].partition(",")[0], fields["qui"].partition(" (")[0]
        yield title, tone, fields["champ"], who, fields["temps"], fields["rimes"], "\n".join(lines)


def split_words(words: str) -> list[str]:
    """Return the words of a head, which stand between commas or blanks.

    >>> split_words("Dimitri, rasoir, pluie"), split_words("échiquier dame loge")
    (['Dimitri', 'rasoir', 'pluie'], ['échiquier', 'dame', 'loge'])
    """
    return re.split(r"\s*,\s*" if "," in words else r"\s+", words.strip())


def main() -> None:
    """Read, write, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path)
    parser.add_argument("table", type=Path)
    args = parser.parse_args()
    rows, out = list(read_texts(lzma.decompress(args.texts.read_bytes()).decode())), io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    args.table.write_bytes(lzma.compress(out.getvalue().encode(), preset=9))
    print(f"{len(rows):,} texts, {sum(row[-1].count(chr(10)) + 1 for row in rows):,} lines")


if __name__ == "__main__":
    main()
