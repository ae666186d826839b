"""The commands that compare groups of songs: artists, years, sections, facets, and classes that are found."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output import Progress
from pipeline.commands.parser import parse_count, read_text
from pipeline.commands.subcorpus import (
    add_grouping_option,
    add_picture_options,
    add_subcorpus_options,
    add_table_options,
    check_picture,
    print_table,
    read_subcorpus,
    show_table,
)
from pipeline.core.errors import Sentence, SettingError, SourceError, os_errors_as
from pipeline.core.translation import mark, t, t_count

if TYPE_CHECKING:
    from pipeline.analysis.worlds.lexical_worlds import Worlds


def diversity_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_subcorpus_options(parser)
    add(
        "--measure",
        default="rarefied_10000",
        metavar=t("M"),
        help=t("rarefied_10000 (default), mtld, mattr_100, hdd, …; rarefied, mattr, hdd and mtld with any number"),
    )
    add_grouping_option(parser)
    ranked = t("songs of a group at least (3; by song 1): others are not ranked")
    add("--least-songs", type=parse_count, metavar=t("N"), help=ranked)
    add("--least-words", type=parse_count, metavar=t("N"), help=t("words of a group at least (1000; by song 0)"))
    add("--all-measures", action="store_true", help=t("every measure of every group, without intervals"))
    add_table_options(parser)
    add_picture_options(parser)


def diversity(args: argparse.Namespace) -> None:
    """Rank artists, years, sections or the values of a facet by lexical diversity, each with its interval."""
    from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
    from pipeline.analysis.words.rankings import diversity_ranking, diversity_table, find_measure
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    corpus = read_subcorpus(args)
    if args.all_measures and not args.picture:
        print_table(diversity_table(corpus, args.by, args.layer), args)
        return
    songs, words = (1, 0) if args.by == "song" else (LEAST_SONGS, LEAST_WORDS)
    songs = songs if args.least_songs is None else args.least_songs
    words = words if args.least_words is None else args.least_words
    table = diversity_ranking(corpus, args.measure, args.by, args.layer, songs, words)
    empty = t("no group has as many words and songs as are asked for (--measure, --least-words, --least-songs).")
    title = t_count("{n} group, richest first", "{n} groups, richest first", len(table))
    chart = Chart(title, t(find_measure(args.measure).label), args.by, "value", source=args.name)
    show_table(table, chart, args, empty)


def keyness_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    add_grouping_option(parser)
    parser.add_argument("--of", action="append", default=[], metavar=t("NAME"), help=t("whose words; may be repeated"))
    parser.add_argument(
        "--french",
        choices=["general", "everyday"],
        help=t("compare all that is selected with French at large, or everyday"),
    )
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        metavar=t("NAME"),
        help=t("compared with whom (default: all the rest)"),
    )
    parser.add_argument(
        "--minimum", type=parse_count, default=5, metavar=t("N"), help=t("times that a word occurs at least (5)")
    )
    add_table_options(parser)
    add_picture_options(parser)


def keyness(args: argparse.Namespace) -> None:
    """List the words that mark some artists, or other groups, off from the others (or --against), or all that is
    selected from French at large (--french), most typical first.
    """
    from pipeline.analysis.comparison.keyness import keyness_of_groups, keyness_to_french
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    if bool(args.of) == bool(args.french) or (args.french and (args.against or args.lemmas or args.by != "artist")):
        raise SettingError(
            "Say whose words by --of, against others or --against; or --french alone, without --lemmas and --by."
        )
    corpus = read_subcorpus(args)
    if args.french:
        table = keyness_to_french(corpus, args.french, args.layer, args.minimum).drop(columns="reference_songs")
    else:
        table = keyness_of_groups(corpus, args.by, args.of, args.against, args.layer, args.minimum)
    title, unit = t("Typical of {names}", names=", ".join(args.of) or args.name), t("Log ratio, lower limit")
    show_table(table.drop(columns="index"), Chart(title, unit, "word", "lrc", source=args.name), args)


def timeline_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument("queries", nargs="*", metavar=t("QUERY"), help=t("words or phrases"))
    parser.add_argument("--no-accents", action="store_true", help=t("e finds é too"))
    parser.add_argument("--by", metavar=t("GROUP"), help=t("each group apart: artist, kind or a facet"))
    add_table_options(parser)
    add_picture_options(parser)


def timeline(args: argparse.Namespace) -> None:
    """Count words or phrases year by year, per million words; without any, list the words by the year they come up."""
    from pipeline.analysis.words.timeline import first_uses, timeline
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    if args.picture and not args.queries:
        raise SettingError("--picture draws words over the years: name a word, or several.")
    if args.by and (args.picture or not args.queries):
        raise SettingError("--by counts words in each group, in a table: name a word, and no --picture.")
    corpus, empty = read_subcorpus(args), t("no song here has a year.")
    if not args.queries:
        print_table(first_uses(corpus, args.layer).drop(columns="index"), args, empty)
        return
    table = timeline(corpus, args.queries, args.layer, not args.no_accents, by=args.by)
    title, unit = t("{words} over the years", words=", ".join(args.queries)), t("Songs that hold it, of a thousand")
    shown = table.assign(share=1000 * table["share"]) if args.picture else table
    show_table(shown, Chart(title, unit, "year", "share", series="query", source=args.name), args, empty)


def periods_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the query."""
    add_subcorpus_options(parser)
    parser.add_argument("query", nargs="?", default="", metavar=t("QUERY"), help=t("a word (default: all of them)"))
    add_table_options(parser)


def periods(args: argparse.Namespace) -> None:
    """Cut the years into periods: neighbours that differ least are put together, one after the other (VNC)."""
    from pipeline.analysis.words.timeline import period_partitions

    print_table(period_partitions(read_subcorpus(args), args.query, args.layer), args)


def tone_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    add_grouping_option(parser)
    parser.add_argument(
        "--lexicon", type=Path, metavar=t("FILE"), help=t("your own: CSV of word and value (default: Pattern's)")
    )
    add_table_options(parser)


def tone(args: argparse.Namespace) -> None:
    """Measure the tone of the lyrics: the mean polarity of the words that a lexicon rates, with its coverage."""
    from pipeline.analysis.words.tone import read_lexicon, tone_table

    with os_errors_as(SourceError, mark("The lexicon {file} cannot be read: {reason}."), file=args.lexicon):
        lexicon = read_lexicon(args.lexicon.read_bytes()) if args.lexicon else ()
    print_table(tone_table(read_subcorpus(args), args.by, lexicon, args.layer), args)


def classes_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add_subcorpus_options(parser)
    parser.set_defaults(lemmas=True)
    add("--forms", dest="lemmas", action="store_false", help=t("words as written: here dictionary forms are counted"))
    add("-k", type=parse_count, default=10, help=t("classes (default 10)"))
    add(
        "--method",
        choices=["reinert", "double", "nmf", "lda"],
        default="reinert",
        help=t("reinert (default), double (classified twice), nmf or lda"),
    )
    add(
        "--words",
        type=parse_count,
        default=40,
        metavar=t("N"),
        help=t("least words of a segment (40); 0: each section is one"),
    )
    add(
        "--least-size",
        default="N/4k",
        metavar=t("SIZE"),
        help=t("segments of a class at least: a number, or N/4k (default), N/2k, N/k of all N segments"),
    )
    add(
        "--show",
        choices=["words", "segments", "shares", "figures", "stability"],
        default="words",
        help=t(
            "typical words of each class (default), typical segments, shares by artist, how far apart they are and "
            "what was left out, or how stable each number of classes is"
        ),
    )
    add_table_options(parser)


def classes(args: argparse.Namespace) -> None:
    """Classify segments of lyrics into lexical worlds (Reinert's method), or into topics (NMF, LDA)."""
    import pandas as pd

    from pipeline.analysis.worlds.class_agreement import agreement_by_k, labbe_separation, propose_k
    from pipeline.analysis.worlds.double_worlds import second_segment_words
    from pipeline.analysis.worlds.reinert import UNCLASSIFIED
    from pipeline.analysis.worlds.topics import classify_by
    from pipeline.corpus.table import DEFAULT_LANGUAGES

    if args.show == "stability" and args.method != "reinert":
        raise SettingError("--show stability is of Reinert's classes: leave out --method.")
    lemmas, args.lemmas = args.lemmas, False  # the classification does it, function words apart
    languages, args.all_languages = (
        () if args.all_languages else DEFAULT_LANGUAGES,
        True,
    )  # what it leaves out, it counts
    corpus, progress = read_subcorpus(args), Progress(quiet=args.json or args.csv)

    def on_split(done: int, of: int) -> None:
        progress(done / of, Sentence("class {number}", number=done))

    def classify(method: str, words: int) -> "Worlds":
        return classify_by(corpus, method, args.k, words, lemmas, args.layer, args.least_size, languages, on_split)

    if args.show == "stability":
        table = agreement_by_k(classify("reinert", args.words), classify("reinert", second_segment_words(args.words)))
        print_table(table.assign(proposed=table["k"] == propose_k(table)), args)
        return
    worlds = classify(args.method, args.words)
    if args.show == "figures":
        left_out = {"unclassified": int((worlds.labels == UNCLASSIFIED).sum()), **worlds.left_out}
        figures = {"segments": len(worlds.labels), "classes": worlds.count, "least_size": worlds.least_size, **left_out}
        separation = labbe_separation(worlds)
        print_table(pd.DataFrame([{**figures, **worlds.separation(), "labbe_separation": separation}]), args)
        return
    if args.show == "shares":
        print_table(worlds.shares("artist"), args)
        return
    if not worlds.count:
        raise SettingError("No class was found: take more songs, or shorter segments.")
    each = worlds.words if args.show == "words" else worlds.typical_segments
    parts = [each(name).head(20).assign(**{"class": name, "size": worlds.sizes[name]}) for name in range(worlds.count)]
    table = pd.concat(parts, ignore_index=True)
    first = ["class", "size"]
    print_table(table[[*first, *(name for name in table if name not in first)]], args)


def reuse_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument(
        "--artists",
        type=parse_count,
        default=4,
        metavar=t("N"),
        help=t("runs of more artists are set phrases, put aside (4)"),
    )
    parser.add_argument("--least", type=parse_count, default=5, metavar=t("N"), help=t("words of a run at least (5)"))
    parser.add_argument("--graph", action="store_true", help=t("one row a pair of artists instead"))
    add_table_options(parser)


def reuse(args: argparse.Namespace) -> None:
    """List runs of words that songs of different artists share, the rarest first, a row a source with its variants."""
    from pipeline.analysis.comparison.reuse import NGRAM_SIZE, rank_runs, reuse_graph, shared_runs

    corpus = read_subcorpus(args)
    shared = shared_runs(corpus, args.layer, artists=args.artists, least=min(args.least, NGRAM_SIZE))
    runs = rank_runs(shared, corpus, args.least)
    sources = runs.drop_duplicates("cluster").assign(variants=runs.groupby("cluster").size().to_numpy())
    print_table(reuse_graph(runs) if args.graph else sources, args)


def delta_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, the text or the song."""
    add_subcorpus_options(parser)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--text", type=Path, metavar=t("FILE"), help=t("a UTF-8 text: whom it sounds like"))
    what.add_argument("--song", type=parse_count, metavar=t("N"), help=t("a song by its number: who wrote which part"))
    what.add_argument("--tree", type=Path, metavar=t("FILE"), help=t("the consensus tree, in Newick's notation"))
    add_table_options(parser)


def delta(args: argparse.Namespace) -> None:
    """Say whom a text sounds like, part by part in a song, or which artists hold together; else how often it is right.

    Without --text, --song and --tree each song is guessed from the others.
    """
    import pandas as pd

    from pipeline.analysis.comparison.stylometry import attribution, consensus_tree, delta_to_artists, rolling_delta
    from pipeline.core.folders import replace_file_atomically
    from pipeline.language.tokens import tokenise

    corpus = read_subcorpus(args)
    if args.text:
        table = delta_to_artists(corpus, tokenise(read_text(args.text)), args.layer)
    elif args.song is not None:
        table = rolling_delta(corpus, args.song, args.layer).query("nearest").drop(columns="nearest")
    elif args.tree:
        table, newick = consensus_tree(corpus, args.layer)
        table = table.assign(artists=table["artists"].str.join(", "))
        with replace_file_atomically(args.tree) as draft:
            draft.write_text(newick + "\n", "utf-8")
    else:
        test = attribution(corpus, args.layer)
        figures = {name: getattr(test, name) for name in ("songs", "artists", "right", "share", "baseline")}
        table = pd.DataFrame([{**figures, **test.interval._asdict()}])
    print_table(table, args)
