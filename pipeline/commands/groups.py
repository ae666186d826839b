"""The commands that compare groups of songs: artists, years, sections, facets, and classes that are found."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.commands.arguments import Count, command, read_text
from pipeline.commands.output import Progress
from pipeline.commands.subcorpus import Subcorpus, TablePrinter
from pipeline.core.errors import Sentence, SettingError, SourceError, os_errors_as
from pipeline.core.translation import mark, t

if TYPE_CHECKING:
    from pipeline.analysis.worlds.lexical_worlds import Worlds


@command()
def diversity(
    part: Subcorpus,
    *,
    measure: str = "rarefied_10000",
    by: str = "artist",
    least_songs: Count | None = None,
    least_words: Count | None = None,
    all_measures: bool = False,
    output: TablePrinter,
) -> None:
    """Rank artists, years, sections or values of a facet by lexical diversity, with intervals.

    --measure M: rarefied_10000 (default), mattr_100, hdd, …; rarefied, mattr and hdd with any number
    --by GROUP: artist (default), year, decade, kind, song or a facet
    --least-songs N: minimum songs of a ranked group (3; by song 1)
    --least-words N: minimum words of a ranked group (1000; by song 0)
    --all-measures: all measures for all groups, without intervals
    """
    from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
    from pipeline.analysis.words.rankings import diversity_ranking, diversity_table

    corpus = part.read()
    if all_measures:
        output.print_table(diversity_table(corpus, by, part.layer))
        return
    songs, words = (1, 0) if by == "song" else (LEAST_SONGS, LEAST_WORDS)
    songs = songs if least_songs is None else least_songs
    words = words if least_words is None else least_words
    table = diversity_ranking(corpus, measure, by, part.layer, songs, words)
    empty = t("no group has that many words and songs (--measure, --least-words, --least-songs).")
    output.print_table(table, empty)


@command()
def keyness(
    part: Subcorpus,
    *,
    by: str = "artist",
    of: Sequence[str] = (),
    french: Literal["general", "everyday"] | None = None,
    against: Sequence[str] = (),
    minimum: Count = 5,
    output: TablePrinter,
) -> None:
    """List the words that distinguish some artists, or other groups, from the others (or --against), or the whole
    selection from general French (--french), most distinctive first.

    --by GROUP: artist (default), year, decade, kind, song or a facet
    --of NAME: whose words; may be repeated
    --french: compare the whole selection with general or everyday French
    --against NAME: compared with whom (default: all the others)
    --minimum N: minimum occurrences of a word (5)
    """
    from pipeline.analysis.comparison.keyness import keyness_against_french, keyness_of_groups

    if bool(of) == bool(french) or (french and (against or part.lemmas or by != "artist")):
        raise SettingError(
            "Give a group with --of, compared with the others or --against; or use --french alone, without "
            "--lemmas and --by."
        )
    corpus = part.read()
    if french:
        table = keyness_against_french(corpus, french, part.layer, minimum).drop(columns="reference_songs")
    else:
        table = keyness_of_groups(corpus, by, of, against, part.layer, minimum)
    output.print_table(table.drop(columns="index"))


@command()
def timeline(
    part: Subcorpus,
    queries: Sequence[str] = (),
    *,
    no_accents: bool = False,
    by: str | None = None,
    output: TablePrinter,
) -> None:
    """Count words or phrases year by year, per million words; without any, list words by the year they first occur.

    queries QUERY: words or phrases
    --no-accents: e also matches é
    --by GROUP: count each group separately: artist, kind or a facet
    """
    from pipeline.analysis.words.timeline import first_uses, query_timeline

    if by and not queries:
        raise SettingError("--by counts words in each group: name a word.")
    corpus, empty = part.read(), t("no song has a known year.")
    if not queries:
        output.print_table(first_uses(corpus, part.layer).drop(columns="index"), empty)
        return
    output.print_table(query_timeline(corpus, queries, part.layer, not no_accents, by=by), empty)


@command()
def tone(part: Subcorpus, *, by: str = "artist", lexicon: Path | None = None, output: TablePrinter) -> None:
    """Measure the tone of the lyrics: the mean polarity of the words that a lexicon rates, with its coverage.

    --by GROUP: artist (default), year, decade, kind, song or a facet
    --lexicon FILE: your own lexicon: CSV of word and value (default: Pattern's)
    """
    from pipeline.analysis.words.tone import read_lexicon, tone_table

    with os_errors_as(SourceError, mark("The lexicon {file} cannot be read: {reason}."), file=lexicon):
        values = read_lexicon(lexicon.read_bytes()) if lexicon else ()
    output.print_table(tone_table(part.read(), by, values, part.layer))


@command()
def classes(
    part: Subcorpus,
    *,
    forms: bool = False,
    k: Count = 10,
    words: Count = 40,
    least_size: str = "N/4k",
    show: Literal["words", "segments", "shares", "figures", "stability"] = "words",
    output: TablePrinter,
) -> None:
    """Classify segments of lyrics into lexical worlds (Reinert's method).

    --forms: words as written (default: dictionary forms)
    -k: classes (default 10)
    --words N: minimum words per segment (40); 0: one segment per section
    --least-size SIZE: minimum segments of a class: a number, or N/4k (default), N/2k, N/k of all N segments
    --show: typical words of each class (default), typical segments, shares by artist, how far apart they are and
        what was left out, or how stable each number of classes is
    """
    import pandas as pd

    from pipeline.analysis.worlds.class_agreement import agreement_by_k, longer_segment_words, propose_class_count
    from pipeline.analysis.worlds.lexical_worlds import find_worlds
    from pipeline.analysis.worlds.reinert import UNCLASSIFIED
    from pipeline.corpus.table import DEFAULT_LANGUAGES

    languages = () if part.all_languages else DEFAULT_LANGUAGES
    # The classification makes lemmas itself, function words apart, and counts the languages that it leaves out.
    corpus, progress = replace(part, lemmas=False, all_languages=True).read(), Progress(quiet=output.json or output.csv)

    def report_progress(done: int, of: int) -> None:
        progress(done / of, Sentence("class {number}", number=done))

    def classify_segments(words: int) -> "Worlds":
        return find_worlds(
            corpus, k, words=words, lemmas=not forms, layer=part.layer, least_size=least_size, languages=languages,
            on_split=report_progress,
        )  # fmt: skip

    if show == "stability":
        table = agreement_by_k(classify_segments(words), classify_segments(longer_segment_words(words)))
        output.print_table(table.assign(proposed=table["k"] == propose_class_count(table)))
        return
    worlds = classify_segments(words)
    found = worlds.class_count
    if show == "figures":
        left_out = {"unclassified": int((worlds.labels == UNCLASSIFIED).sum()), **worlds.left_out}
        figures = {"segments": len(worlds.labels), "classes": found, "least_size": worlds.least_size, **left_out}
        output.print_table(pd.DataFrame([{**figures, **worlds.class_separation()}]))
        return
    if show == "shares":
        output.print_table(worlds.class_shares("artist"))
        return
    if not found:
        raise SettingError("No classes found. Select more songs, or shorter segments.")
    each = worlds.typical_words if show == "words" else worlds.typical_segments
    parts = [each(name).head(20).assign(**{"class": name, "size": worlds.sizes[name]}) for name in range(found)]
    table = pd.concat(parts, ignore_index=True)
    first = ["class", "size"]
    output.print_table(table[[*first, *(name for name in table if name not in first)]])


@command()
def reuse(part: Subcorpus, *, artists: Count = 4, least: Count = 5, graph: bool = False, output: TablePrinter) -> None:
    """List phrases that songs of different artists share, the rarest first, with the number of variants of each.

    --artists N: maximum artists per phrase; more make it a common expression (4)
    --least N: minimum words of a phrase (5)
    --graph: one row per pair of artists instead
    """
    from pipeline.analysis.comparison.reuse import NGRAM_SIZE, rank_shared_phrases, reuse_graph, shared_phrases

    corpus = part.read()
    shared = shared_phrases(corpus, part.layer, artists=artists, least=min(least, NGRAM_SIZE))
    runs = rank_shared_phrases(shared, corpus, least)
    sources = runs.drop_duplicates("cluster").assign(variants=runs.groupby("cluster").size().to_numpy())
    output.print_table(reuse_graph(runs) if graph else sources)


@command("text", "song")
def delta(
    part: Subcorpus,
    *,
    text: Path | None = None,
    song: Count | None = None,
    output: TablePrinter,
) -> None:
    """Find the artist closest in style to a text, or to each section of a song.

    Without --text or --song, guess the artist of each song from the other songs, and count the right guesses.

    --text FILE: a UTF-8 text to compare with the artists
    --song N: a song, by its number: closest artist of each section
    """
    import pandas as pd

    from pipeline.analysis.comparison.stylometry import attribution_accuracy, delta_to_artists, rolling_delta
    from pipeline.language.tokens import tokenise

    corpus = part.read()
    if text:
        table = delta_to_artists(corpus, tokenise(read_text(text)), part.layer)
    elif song is not None:
        table = rolling_delta(corpus, song, part.layer).query("nearest").drop(columns="nearest")
    else:
        test = attribution_accuracy(corpus, part.layer)
        figures = {name: getattr(test, name) for name in ("songs", "artists", "right", "share", "baseline")}
        table = pd.DataFrame([{**figures, **test.interval._asdict()}])
    output.print_table(table)
