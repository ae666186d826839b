"""Draw a verse as a card to share: PNG or SVG, square, story (9:16) or wide.

Lines come from a song of a corpus (--song, at most eight of them) or from a text file of your own (--text).
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.commands.input import read_text
from pipeline.errors import SettingError
from pipeline.translation import t

if TYPE_CHECKING:
    from pipeline.corpus.table import Corpus


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which lines, and how the card looks."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--song", metavar=t("TITLE"), help=t("a song of the corpus, by its title"))
    source.add_argument("--text", type=Path, metavar=t("FILE"), help=t("a UTF-8 text: your own lines"))
    parser.add_argument("--corpus", default="demo", metavar=t("NAME"), help=t("a prepared corpus (default demo)"))
    parser.add_argument("--artist", default="", metavar=t("NAME"), help=t("whose song, where two have one title"))
    parser.add_argument(
        "--from-line", type=int, default=1, metavar=t("N"), help=t("first line of the song (default 1)")
    )
    parser.add_argument("--title", default="", help=t("with --text: what stands above the lines"))
    parser.add_argument("--by", default="", help=t("with --text: who wrote them"))
    parser.add_argument("--measure", default="", help=t("a line of measure below"))
    parser.add_argument("--address", default="", help=t("what stands at the foot"))
    parser.add_argument("--shape", choices=["square", "story", "wide"], default="square")
    parser.add_argument("--dark", action="store_true", help=t("paper and ink exchanged"))
    parser.add_argument("--out", type=Path, required=True, metavar=t("FILE"), help=t("ending in .png or .svg"))


def run(args: argparse.Namespace) -> None:
    """Write the card and say where."""
    from pipeline.cards.png import to_png
    from pipeline.cards.verse_card import VerseCard, draw_verse
    from pipeline.corpus.prepare import open_corpus
    from pipeline.corpus.store import load_pronunciations
    from pipeline.folders import replacing_file

    if args.out.suffix not in (".png", ".svg"):
        raise SettingError("card-suffix", "A card is a .png or an .svg: {path} is neither.", path=args.out)
    if args.text:
        lines = tuple(read_text(args.text).splitlines())
        open_corpus(args.corpus)  # the embedded one may have to be prepared before its sounds are there
        card = VerseCard(lines, args.title, args.by, args.measure, "", args.address)
    else:
        card = _of_song(open_corpus(args.corpus), args)
    svg = draw_verse(card, load_pronunciations(args.corpus), args.shape, "dark" if args.dark else "light")
    with replacing_file(args.out) as draft:
        draft.write_bytes(svg.encode() if args.out.suffix == ".svg" else to_png(svg))
    print(t("{file} is ready.", file=args.out))


def _of_song(corpus: "Corpus", args: argparse.Namespace) -> Any:
    import pandas as pd

    from pipeline.cards.verse_card import LYRICS, VerseCard

    songs = corpus.songs
    found = songs[songs["title"].str.casefold() == args.song.casefold()]
    if args.artist:
        found = found[found["artist"].str.casefold() == args.artist.casefold()]
    if found.empty:
        raise SettingError(
            "card-song", "There is no song {title!r} in the corpus {corpus!r}.", title=args.song, corpus=args.corpus
        )
    song = found.iloc[0]
    texts = [text for _, text in corpus.song_lines(int(found.index[0]))]
    start = args.from_line - 1
    if not 0 <= start < len(texts):
        raise SettingError(
            "card-line",
            "The song has lines 1 to {last}: there is no line {line}.",
            last=len(texts),
            line=args.from_line,
        )
    year = "" if pd.isna(song["year"]) else f", {song['year']}"
    by, source = f"{song['artist']}{year}", f"{song['title']} · {args.corpus}"
    return VerseCard(tuple(texts[start : start + LYRICS]), song["title"], by, args.measure, source, args.address)
