"""The commands about words: how many a corpus has, in whose company they stand, how words and lines sound."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output import print_named_values, replace_controls
from pipeline.commands.parser import Choices, parse_count, read_text
from pipeline.commands.subcorpus import (
    add_grouping_option,
    add_picture_options,
    add_subcorpus_options,
    add_table_options,
    check_picture,
    max_table_rows,
    print_table,
    read_subcorpus,
    show_table,
)
from pipeline.core.errors import SettingError, SourceError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import mark_all, t

if TYPE_CHECKING:
    import pandas as pd


def stats_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    add_table_options(parser)


mark_all(  # what `stats` prints
    "songs", "artists", "sections", "lines", "words", "types", "years", "tokens", "hapax", "dis", "hapax share",
    "characters per token", "characters per type", "words per line mean", "words per line q1",
    "words per line median", "words per line q3", "words per line longest",
)  # fmt: skip


def stats(args: argparse.Namespace) -> None:
    """Count a prepared corpus: size of the lexicon, words per line, voices, years."""
    import pandas as pd

    from pipeline.analysis.lines import length_summary
    from pipeline.analysis.words.lexicon import key_figures, lexicon_size

    part = read_subcorpus(args)
    lengths = length_summary(part, layer=args.layer)
    figures = asdict(key_figures(part, args.layer)) | asdict(lexicon_size(part, args.layer))
    figures |= {
        f"words_per_line_{name}": float(lengths[name].iloc[0]) if len(lengths) else None
        for name in ("mean", "q1", "median", "q3", "longest")
    }
    if args.json or args.csv:
        print_table(pd.DataFrame([figures]), args)
    else:
        print_named_values({name.replace("_", " "): value for name, value in figures.items()})


def concordance_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument(
        "query",
        metavar=t("QUERY"),
        help=t("a word, a phrase, with * and ? for any letters, or CQL (its * and + repeat ten times at most)"),
    )
    parser.add_argument(
        "--sort", choices=["left", "right", "corpus"], default="corpus", help=t("by the word beside it")
    )
    parser.add_argument("--no-accents", action="store_true", help=t("e finds é too"))
    add_table_options(parser)


def concordance(args: argparse.Namespace) -> None:
    """Print every match of a query with the words around it (key word in context)."""
    from pipeline.analysis.words.concordance import concordance

    sort = [] if args.sort == "corpus" else [(args.sort, 1)]
    matches = concordance(read_subcorpus(args), args.query, args.layer, sort, not args.no_accents)
    columns = ["left", "match", "right", "title", "artist", "year", "kind"]
    print_table(matches.rows(0, max_table_rows(args))[columns], args, total=matches.total)


def names_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus, what to list, and the network."""
    add_subcorpus_options(parser)
    parser.add_argument("--kind", choices=["person", "place", "brand"], default="", help=t("only such names"))
    parser.add_argument("--by", metavar=t("GROUP"), help=t("count by artist, year, decade or a facet"))
    networks = ["featurings", "mentions", "company"]
    parser.add_argument(
        "--network", choices=networks, help=t("links instead: guests, who names whom, names of one song")
    )
    parser.add_argument(
        "--graphml", type=Path, metavar=t("FILE"), help=t("with --network: write it for Gephi and igraph")
    )
    add_table_options(parser)


def names(args: argparse.Namespace) -> None:
    """List the persons, places and brands that are named: by lists, or guessed from capitals; or draw their network."""
    from pipeline.analysis.words.names import name_network, name_table

    if args.graphml and not args.network:
        raise SettingError("--graphml writes a network: say which by --network.")
    if args.network and (args.kind or args.by):
        raise SettingError("--network links names of any kind, all together: leave out --kind and --by.")
    corpus = read_subcorpus(args)
    if not args.network:
        print_table(name_table(corpus, args.by, args.kind), args)
        return
    links = name_network(corpus, args.network)
    if not args.graphml:
        print_table(links, args)
        return
    _write_graph(links, args.graphml, directed=args.network == "mentions")


def _write_graph(links: "pd.DataFrame", file: Path, *, directed: bool = False) -> None:
    from pipeline.core.folders import replace_file_atomically
    from pipeline.publish.tables import to_graphml

    with replace_file_atomically(file) as draft:
        draft.write_bytes(to_graphml(links, directed=directed))
    print(t("{file} is ready.", file=file))


def similitude_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and how many words."""
    add_subcorpus_options(parser)
    parser.add_argument(
        "--words", type=parse_count, default=60, metavar=t("N"), help=t("the commonest content words (60)")
    )
    parser.add_argument("--graphml", type=Path, metavar=t("FILE"), help=t("write it for Gephi and igraph"))
    add_table_options(parser)


def similitude(args: argparse.Namespace) -> None:
    """Link the commonest words of a corpus by the share of sections that hold both (Jaccard): the maximum tree."""
    from pipeline.analysis.words.word_sketch import similitude

    links = similitude(read_subcorpus(args), args.layer, args.words)
    if args.graphml:
        _write_graph(links, args.graphml)
    else:
        print_table(links, args)


def switching_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the corpus and the groups."""
    add_subcorpus_options(parser)
    add_grouping_option(parser)
    parser.add_argument("--lines", action="store_true", help=t("the lines instead"))
    add_table_options(parser)


def switching(args: argparse.Namespace) -> None:
    """Count the lines that switch between French and another language, or list them."""
    from pipeline.analysis.words.code_switching import switching_lines, switching_table

    corpus = read_subcorpus(args)
    columns = ["text", "language", "words", "switches", "title", "artist", "year"]
    table = switching_lines(corpus, args.layer)[columns] if args.lines else None
    print_table(switching_table(corpus, args.by, args.layer) if table is None else table, args)


def ngrams_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument("-n", type=parse_count, default=3, help=t("words in a row, 1 to 7 (default 3)"))
    parser.add_argument(
        "--minimum", type=parse_count, default=2, metavar=t("N"), help=t("times that it occurs at least (2)")
    )
    add_table_options(parser)
    add_picture_options(parser)


def ngrams(args: argparse.Namespace) -> None:
    """List the words that stand in a row most often: n-grams within lines."""
    from pipeline.analysis.words.ngrams import phrase_table
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    table = phrase_table(read_subcorpus(args), args.n, args.layer, args.minimum)
    title = t("Most often {words}", words=", ".join(table["phrase"].head(3)))
    chart = Chart(title, t("Times"), "phrase", "count", source=args.name)
    show_table(table, chart, args, t("nothing stands there {n} times (--minimum).", n=args.minimum))


def collocations_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument("--word", metavar=t("WORD"), help=t("the company of this word (default: pairs of neighbours)"))
    parser.add_argument(
        "--left", type=parse_count, default=5, metavar=t("N"), help=t("with --word: words to the left (5)")
    )
    parser.add_argument(
        "--right", type=parse_count, default=5, metavar=t("N"), help=t("with --word: words to the right (5)")
    )
    parser.add_argument(
        "--minimum", type=parse_count, default=3, metavar=t("N"), help=t("times that a pair occurs at least (3)")
    )
    parser.add_argument(
        "--least-songs", type=parse_count, default=3, metavar=t("N"), help=t("songs that a pair stands in at least (3)")
    )
    add_table_options(parser)
    add_picture_options(parser)


def collocations(args: argparse.Namespace) -> None:
    """List the pairs of words that stand together more often than chance, or with --word the company of one word."""
    from pipeline.analysis.words.collocations import collocates, collocations
    from pipeline.publish.chart_card import Chart

    check_picture(args.picture)
    corpus = read_subcorpus(args)
    if args.word is not None:
        table = collocates(corpus, args.word, args.left, args.right, args.layer, args.minimum, args.least_songs)
        title = t("In the company of {word}", word=args.word)
    else:
        table = collocations(corpus, args.layer, args.minimum, args.least_songs)
        title = t("Pairs that hold together")
    chart = Chart(title, "logDice", "word" if args.word else "phrase", "log_dice", source=args.name)
    shown = table.drop(columns="index", errors="ignore")
    if args.picture and not args.word:
        shown = shown.assign(phrase=shown["first"] + " " + shown["second"])
    nothing = t(
        "nothing stands there {n} times, in {songs} songs (--minimum, --least-songs).",
        n=args.minimum,
        songs=args.least_songs,
    )
    show_table(shown, chart, args, nothing)


def sketch_arguments(parser: argparse.ArgumentParser) -> None:
    add_subcorpus_options(parser)
    parser.add_argument(
        "query",
        metavar=t("QUERY"),
        help=t("a word, a phrase, with * and ? for any letters, or CQL (its * and + repeat ten times at most)"),
    )
    parser.add_argument("--against", metavar=t("QUERY"), help=t("a second word, to set beside the first"))
    parser.add_argument("--network", action="store_true", help=t("the links of its company, in lines"))
    parser.add_argument("--left", type=parse_count, default=3, metavar=t("N"), help=t("words to the left (3)"))
    parser.add_argument("--right", type=parse_count, default=3, metavar=t("N"), help=t("words to the right (3)"))
    parser.add_argument(
        "--minimum", type=parse_count, default=3, metavar=t("N"), help=t("times that a pair occurs at least (3)")
    )
    parser.add_argument("--content", action="store_true", help=t("without function words"))
    add_table_options(parser)


def sketch(args: argparse.Namespace) -> None:
    """Sketch a word by what stands before it and after it, alone or beside a second word, or as a network."""
    from pipeline.analysis.words.word_sketch import collocation_network, sketch_difference, word_sketch

    if args.network and args.against is not None:
        raise SettingError("--network is of one word: leave out --against.")
    corpus = read_subcorpus(args)
    window = (args.left, args.right, args.layer, args.minimum, not args.content)
    if args.network:
        table = collocation_network(corpus, args.query, args.layer, minimum=args.minimum)
    elif args.against is not None:
        table = sketch_difference(corpus, args.query, args.against, *window)
    else:
        table = word_sketch(corpus, args.query, *window)
    print_table(table, args, t("nothing stands there {n} times (--minimum).", n=args.minimum))


def _unpronounceable_error(word: str, more: int = 0) -> SettingError:
    """Return the error to raise for a word without a sound, and as many more."""
    if more:
        return SettingError(
            "{word!r} cannot be said aloud (nor can {more:,} more): give words in letters or figures.",
            word=word,
            more=more,
        )
    return SettingError("{word!r} cannot be said aloud: give words in letters or figures.", word=word)


def phones_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="+", metavar=t("WORD"), help=t("a word, or a phrase in quotes"))
    add_table_options(parser)


def phones(args: argparse.Namespace) -> None:
    """Transcribe words as French rap says them: IPA, and where it comes from (lexicon, model or rule)."""
    from pipeline.analysis.sound.phonetic_table import pronunciation_table

    table = pronunciation_table(args.words)
    silent = table.loc[table["ipa"] == "", "word"].tolist()
    if len(silent) < len(table):
        print_table(table[table["ipa"] != ""], args)
    if silent:
        raise _unpronounceable_error(silent[0], len(silent) - 1)


def scan_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar=t("FILE"), help=t("a UTF-8 text; empty lines part the sections"))
    _add_verse(parser)
    add_table_options(parser)


def _add_verse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--verse", action="store_true", help=t("as classical verse: a mute e rhymes with such alone"))


def scan(args: argparse.Namespace) -> None:
    """Scan a text: each line's syllables (spoken and in verse), phones, rhyme key, and the scheme of its section.

    In the table a capital is a rhyme and a small letter an assonance; --json has the strict scheme too.
    """
    from pipeline.analysis.sound.phonetic_table import scansion_table

    table = scansion_table(read_text(args.file), verse=args.verse)
    if table.empty:
        raise SourceError("{file} holds no line to scan: give a text of one line or more.", file=args.file)
    if args.json or args.csv:
        print_table(table, args)
        return
    for row in table.itertuples():
        print(f"{row.syllables_spoken:3} {row.rhyme_key:>6} {row.reading:>6}  {replace_controls(row.text)}")


def rhyme_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar=t("A"), help=t("a word, or a phrase in quotes"))
    parser.add_argument("b", metavar=t("B"), help=t("a word, or a phrase in quotes"))
    add_table_options(parser)
    _add_verse(parser)


def rhyme(args: argparse.Namespace) -> None:
    """Compare two words or phrases: kind of rhyme, common phones and vowels counted from the end."""

    import pandas as pd

    from pipeline.language.scansion import compare_rhyme, transcribe_words

    if silent := [row["word"] for row in transcribe_words([args.a, args.b]) if not row["ipa"]]:
        raise _unpronounceable_error(silent[0])
    print_table(pd.DataFrame([compare_rhyme(args.a, args.b, verse=args.verse)]), args)


def rhymes_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar=t("WORD"), help=t("a word, or a phrase in quotes"))
    parser.add_argument("--corpus", default=DEMO_NAME, metavar=t("NAME"), help=t("a prepared corpus (default demo)"))
    parser.add_argument(
        "--least",
        choices=Choices("pipeline.language.rhyme", "KINDS"),
        default="near",
        help=t("the poorest kind (near)"),
    )
    parser.add_argument(
        "--syllables",
        type=parse_count,
        nargs="+",
        default=[],
        metavar=t("N"),
        help=t("only words of so many syllables"),
    )
    parser.add_argument("--register", default="", metavar=t("CLASS"), help=t("only verlan, argot, anglicism and so on"))
    parser.add_argument("--vowel", action="store_true", help=t("only words that begin with a vowel"))
    _add_verse(parser)
    parser.add_argument("--corpus-only", action="store_true", help=t("no words of French beyond the corpus"))
    parser.add_argument("--phrases", action="store_true", help=t("phrases of the corpus that rhyme over their words"))
    add_table_options(parser)


def rhymes(args: argparse.Namespace) -> None:
    """List the words that rhyme with a word or phrase: those of a corpus first, and of French beyond it."""
    from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter, rhymes, rhyming_phrases
    from pipeline.corpus.prepare import open_corpus
    from pipeline.language.scansion import transcribe_words

    if not transcribe_words([args.text])[0]["ipa"]:
        raise _unpronounceable_error(args.text)
    corpus = open_corpus(args.corpus)
    if args.phrases:
        table = rhyming_phrases(corpus, args.text)
    else:
        sizes, french = tuple(args.syllables), not args.corpus_only
        table = rhymes(corpus, args.text, RhymeFilter(args.least, sizes, args.register, args.vowel, args.verse, french))
    print_table(table, args)
