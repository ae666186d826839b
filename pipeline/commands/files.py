"""The commands that write a corpus, or part of it, as a file: data, a report, a card to share."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.parser import read_text
from pipeline.commands.subcorpus import (
    add_picture_style,
    add_subcorpus_options,
    check_picture,
    read_subcorpus,
    write_picture,
)
from pipeline.core.errors import SettingError
from pipeline.core.folders import replace_file_atomically
from pipeline.core.translation import t, t_count
from pipeline.corpus.song import display_name
from pipeline.publish import FORMATS, export_corpus

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.corpus.table import Corpus
    from pipeline.publish.cards import VerseCard


def export_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.set_defaults(layer="all")
    parser.add_argument("--format", required=True, choices=list(FORMATS), help=t("what to write"))
    parser.add_argument(
        "--out", type=Path, metavar=t("FILE"), help=t("where (default: NAME-FORMAT and its ending, here)")
    )


def export(args: argparse.Namespace) -> None:
    """Write a corpus, or part of it, as files that other tools read: R, IRaMuTeQ, TXM, spreadsheets, scripts.

    Lyrics and ad-libs, unless --layer says which; only tokens and the matrix have layers.
    """
    corpus = read_subcorpus(args)
    path = args.out or Path(f"{args.name}-{args.format}{FORMATS[args.format].suffix}")
    export_corpus(corpus, args.format, path, args.layer)
    songs = t_count("{n} song", "{n} songs", len(corpus.songs))
    print(t("{file} holds {songs} of {corpus}.", file=path, songs=songs, corpus=args.name))


def report_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument("--out", type=Path, metavar=t("FILE"), help=t("where (default: NAME-report.html, here)"))


def report(args: argparse.Namespace) -> None:
    """Write a report on a corpus, or on part of it: one HTML file with filters, tables, definitions and versions."""
    from pipeline.publish.html_report import html_report

    page = html_report(read_subcorpus(args), args.layer, args.variant)
    path = args.out or Path(f"{args.name}-report.html")
    with replace_file_atomically(path) as draft:
        draft.write_text(page, "utf-8")
    print(t("The report on {corpus} is in {file}.", corpus=args.name, file=path))


def card_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--song", metavar=t("TITLE"), help=t("a song of the corpus, by its title"))
    source.add_argument("--portrait", metavar=t("NAME"), help=t("an artist of the corpus"))
    source.add_argument("--text", type=Path, metavar=t("FILE"), help=t("a UTF-8 text: your own lines"))
    parser.add_argument("--corpus", default="demo", metavar=t("NAME"), help=t("a prepared corpus (default demo)"))
    parser.add_argument("--artist", default="", metavar=t("NAME"), help=t("whose song, where two have one title"))
    parser.add_argument("--whole", action="store_true", help=t("with --song: the song, its sections and its figures"))
    parser.add_argument(
        "--from-line", type=int, default=1, metavar=t("N"), help=t("first line of the song (default 1)")
    )
    parser.add_argument("--title", default="", help=t("with --text: what stands above the lines"))
    parser.add_argument("--by", default="", help=t("with --text: who wrote them"))
    parser.add_argument("--measure", default="", help=t("a line of measure below (default: how densely it rhymes)"))
    parser.add_argument("--address", default="", help=t("what stands at the foot"))
    add_picture_style(parser)
    parser.add_argument("--out", type=Path, required=True, metavar=t("FILE"), help=t("ending in .png or .svg"))


def card(args: argparse.Namespace) -> None:
    """Draw a card to share: PNG or SVG, square, story (9:16) or wide.

    A verse: lines of a song of a corpus (--song, at most eight of them) or of a text file of your own (--text). The
    whole song, with its sections and figures (--song --whole). The portrait of an artist (--portrait). Charts are drawn
    by the commands that print their tables: diversity, keyness, collocations, ngrams and timeline take --picture.
    """
    check_picture(args.out)
    write_picture(_draw_card(args), args.out)


def _draw_card(args: argparse.Namespace) -> str:
    from pipeline.analysis.portrait import portrait
    from pipeline.analysis.sound.phonetic_table import pronunciations
    from pipeline.corpus.prepare import load
    from pipeline.publish.cards import draw_portrait, draw_song, song_card

    whole = load(args.corpus, languages=())
    if args.portrait:
        own = portrait(load(args.corpus), _phonetic_table(whole), args.portrait)
        return draw_portrait(own, args.corpus, args.address, args.shape, args.mode)
    if args.song and args.whole:
        card = song_card(whole, _phonetic_table(whole), _find_song(whole, args), args.address)
        return draw_song(card, pronunciations(whole), args.shape, args.mode)
    return _draw_verse(args, whole)


def _draw_verse(args: argparse.Namespace, corpus: "Corpus") -> str:
    from dataclasses import replace

    from pipeline.analysis.sound.phonetic_table import pronunciations
    from pipeline.analysis.sound.rhymes import density_text, less_dense_section_share, rhyme_density_of_lines
    from pipeline.publish.cards import VerseCard, draw_verse

    if args.text:
        lines = tuple(read_text(args.text).splitlines())
        if not any(map(str.strip, lines)):
            raise SettingError("{file} holds no line: give a text of one line or more.", file=args.text)
        card = VerseCard(lines, args.title, args.by, args.measure, "", args.address)
    else:
        card = _verse_card_of_song(corpus, args)
    sounds = pronunciations(corpus)
    if not card.measure:
        density = rhyme_density_of_lines(card.lines, sounds)
        card = replace(
            card, measure=density_text(density, less_dense_section_share(corpus, _phonetic_table(corpus), density))
        )
    return draw_verse(card, sounds, args.shape, args.mode)


def _phonetic_table(whole: "Corpus") -> "pd.DataFrame":
    """Return how every line of a whole corpus sounds: as it was stored, else transcribed and stored now."""
    from pipeline.analysis.precomputed import precomputed_result_of
    from pipeline.analysis.sound.phonetic_table import pronunciations, transcribe_lines

    stored = precomputed_result_of(transcribe_lines).load(whole)
    return precomputed_result_of(transcribe_lines).store(whole, pronunciations(whole)) if stored is None else stored


def _find_song(corpus: "Corpus", args: argparse.Namespace) -> int:
    songs = corpus.songs[corpus.songs["title"].str.casefold() == args.song.casefold()]
    if args.artist:
        songs = songs[songs["artist"].str.casefold() == args.artist.casefold()]
    if songs.empty:
        raise SettingError("There is no song {title!r} in the corpus {corpus!r}.", title=args.song, corpus=args.corpus)
    return int(songs.index[0])


def _verse_card_of_song(corpus: "Corpus", args: argparse.Namespace) -> "VerseCard":
    import pandas as pd

    from pipeline.publish.cards import MAX_QUOTED_LINES, VerseCard

    song = corpus.songs.loc[_find_song(corpus, args)]
    texts = [text for _, text in corpus.song_lines(int(song.name))]
    start = args.from_line - 1
    if not 0 <= start < len(texts):
        raise SettingError(
            "The song has lines 1 to {last}: there is no line {line}.", last=len(texts), line=args.from_line
        )
    year = "" if pd.isna(song["year"]) else f", {song['year']}"
    title, by = display_name(song["title"]), f"{display_name(song['artist'])}{year}"
    source = f"{title} · {args.corpus}"
    return VerseCard(tuple(texts[start : start + MAX_QUOTED_LINES]), title, by, args.measure, source, args.address)
