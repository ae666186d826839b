"""The commands that compare groups of songs: artists, years, sections, facets, and classes that are found."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.commands.arguments import Count, command, read_text
from pipeline.commands.output import Progress
from pipeline.commands.subcorpus import Subcorpus, Table
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
    output: Table,
) -> None:
    """Rank artists, years, sections or the values of a facet by lexical diversity, each with its interval.

    --measure M: rarefied_10000 (default), mtld, mattr_100, hdd, …; rarefied, mattr, hdd and mtld with any number
    --by GROUP: artist (default), year, decade, kind, song or a facet
    --least-songs N: songs of a group at least (3; by song 1): others are not ranked
    --least-words N: words of a group at least (1000; by song 0)
    --all-measures: every measure of every group, without intervals
    """
    from pipeline.analysis.measures import LEAST_SONGS, LEAST_WORDS
    from pipeline.analysis.words.rankings import diversity_ranking, diversity_table

    corpus = part.read()
    if all_measures:
        output.print(diversity_table(corpus, by, part.layer))
        return
    songs, words = (1, 0) if by == "song" else (LEAST_SONGS, LEAST_WORDS)
    songs = songs if least_songs is None else least_songs
    words = words if least_words is None else least_words
    table = diversity_ranking(corpus, measure, by, part.layer, songs, words)
    empty = t("no group has as many words and songs as are asked for (--measure, --least-words, --least-songs).")
    output.print(table, empty)


@command()
def keyness(
    part: Subcorpus,
    *,
    by: str = "artist",
    of: Sequence[str] = (),
    french: Literal["general", "everyday"] | None = None,
    against: Sequence[str] = (),
    minimum: Count = 5,
    output: Table,
) -> None:
    """List the words that mark some artists, or other groups, off from the others (or --against), or all that is
    selected from French at large (--french), most typical first.

    --by GROUP: artist (default), year, decade, kind, song or a facet
    --of NAME: whose words; may be repeated
    --french: compare all that is selected with French at large, or everyday
    --against NAME: compared with whom (default: all the rest)
    --minimum N: times that a word occurs at least (5)
    """
    from pipeline.analysis.comparison.keyness import keyness_of_groups, keyness_to_french

    if bool(of) == bool(french) or (french and (against or part.lemmas or by != "artist")):
        raise SettingError(
            "Say whose words by --of, against others or --against; or --french alone, without --lemmas and --by."
        )
    corpus = part.read()
    if french:
        table = keyness_to_french(corpus, french, part.layer, minimum).drop(columns="reference_songs")
    else:
        table = keyness_of_groups(corpus, by, of, against, part.layer, minimum)
    output.print(table.drop(columns="index"))


@command()
def timeline(
    part: Subcorpus, queries: Sequence[str] = (), *, no_accents: bool = False, by: str | None = None, output: Table
) -> None:
    """Count words or phrases year by year, per million words; without any, list the words by the year they come up.

    queries QUERY: words or phrases
    --no-accents: e finds é too
    --by GROUP: each group apart: artist, kind or a facet
    """
    from pipeline.analysis.words.timeline import first_uses, timeline

    if by and not queries:
        raise SettingError("--by counts words in each group: name a word.")
    corpus, empty = part.read(), t("no song here has a year.")
    if not queries:
        output.print(first_uses(corpus, part.layer).drop(columns="index"), empty)
        return
    output.print(timeline(corpus, queries, part.layer, not no_accents, by=by), empty)


@command()
def periods(part: Subcorpus, query: str = "", *, output: Table) -> None:
    """Cut the years into periods: neighbours that differ least are put together, one after the other (VNC).

    query: a word (default: all of them)
    """
    from pipeline.analysis.words.timeline import period_partitions

    output.print(period_partitions(part.read(), query, part.layer))


@command()
def tone(part: Subcorpus, *, by: str = "artist", lexicon: Path | None = None, output: Table) -> None:
    """Measure the tone of the lyrics: the mean polarity of the words that a lexicon rates, with its coverage.

    --by GROUP: artist (default), year, decade, kind, song or a facet
    --lexicon FILE: your own: CSV of word and value (default: Pattern's)
    """
    from pipeline.analysis.words.tone import read_lexicon, tone_table

    with os_errors_as(SourceError, mark("The lexicon {file} cannot be read: {reason}."), file=lexicon):
        values = read_lexicon(lexicon.read_bytes()) if lexicon else ()
    output.print(tone_table(part.read(), by, values, part.layer))


@command()
def classes(
    part: Subcorpus,
    *,
    forms: bool = False,
    k: Count = 10,
    method: Literal["reinert", "double", "nmf", "lda"] = "reinert",
    words: Count = 40,
    least_size: str = "N/4k",
    show: Literal["words", "segments", "shares", "figures", "stability"] = "words",
    output: Table,
) -> None:
    """Classify segments of lyrics into lexical worlds (Reinert's method), or into topics (NMF, LDA).

    --forms: words as written: here dictionary forms are counted
    -k: classes (default 10)
    --method: reinert (default), double (classified twice), nmf or lda
    --words N: least words of a segment (40); 0: each section is one
    --least-size SIZE: segments of a class at least: a number, or N/4k (default), N/2k, N/k of all N segments
    --show: typical words of each class (default), typical segments, shares by artist, how far apart they are and
        what was left out, or how stable each number of classes is
    """
    import pandas as pd

    from pipeline.analysis.worlds.class_agreement import agreement_by_k, labbe_separation, propose_k
    from pipeline.analysis.worlds.double_worlds import second_segment_words
    from pipeline.analysis.worlds.reinert import UNCLASSIFIED
    from pipeline.analysis.worlds.topics import classify_by
    from pipeline.corpus.table import DEFAULT_LANGUAGES

    if show == "stability" and method != "reinert":
        raise SettingError("--show stability is of Reinert's classes: leave out --method.")
    languages = () if part.all_languages else DEFAULT_LANGUAGES
    # The classification makes lemmas itself, function words apart, and counts the languages that it leaves out.
    corpus, progress = replace(part, lemmas=False, all_languages=True).read(), Progress(quiet=output.json or output.csv)

    def on_split(done: int, of: int) -> None:
        progress(done / of, Sentence("class {number}", number=done))

    def classify(method: str, words: int) -> "Worlds":
        return classify_by(corpus, method, k, words, not forms, part.layer, least_size, languages, on_split)

    if show == "stability":
        table = agreement_by_k(classify("reinert", words), classify("reinert", second_segment_words(words)))
        output.print(table.assign(proposed=table["k"] == propose_k(table)))
        return
    worlds = classify(method, words)
    if show == "figures":
        left_out = {"unclassified": int((worlds.labels == UNCLASSIFIED).sum()), **worlds.left_out}
        figures = {"segments": len(worlds.labels), "classes": worlds.count, "least_size": worlds.least_size, **left_out}
        separation = labbe_separation(worlds)
        output.print(pd.DataFrame([{**figures, **worlds.separation(), "labbe_separation": separation}]))
        return
    if show == "shares":
        output.print(worlds.shares("artist"))
        return
    if not worlds.count:
        raise SettingError("No class was found: take more songs, or shorter segments.")
    each = worlds.words if show == "words" else worlds.typical_segments
    parts = [each(name).head(20).assign(**{"class": name, "size": worlds.sizes[name]}) for name in range(worlds.count)]
    table = pd.concat(parts, ignore_index=True)
    first = ["class", "size"]
    output.print(table[[*first, *(name for name in table if name not in first)]])


@command()
def reuse(part: Subcorpus, *, artists: Count = 4, least: Count = 5, graph: bool = False, output: Table) -> None:
    """List runs of words that songs of different artists share, the rarest first, a row a source with its variants.

    --artists N: runs of more artists are set phrases, put aside (4)
    --least N: words of a run at least (5)
    --graph: one row a pair of artists instead
    """
    from pipeline.analysis.comparison.reuse import NGRAM_SIZE, rank_runs, reuse_graph, shared_runs

    corpus = part.read()
    shared = shared_runs(corpus, part.layer, artists=artists, least=min(least, NGRAM_SIZE))
    runs = rank_runs(shared, corpus, least)
    sources = runs.drop_duplicates("cluster").assign(variants=runs.groupby("cluster").size().to_numpy())
    output.print(reuse_graph(runs) if graph else sources)


@command("text", "song", "tree")
def delta(
    part: Subcorpus,
    *,
    text: Path | None = None,
    song: Count | None = None,
    tree: Path | None = None,
    output: Table,
) -> None:
    """Say whom a text sounds like, part by part in a song, or which artists hold together; else how often it is right.

    Without --text, --song and --tree each song is guessed from the others.

    --text FILE: a UTF-8 text: whom it sounds like
    --song N: a song by its number: who wrote which part
    --tree FILE: the consensus tree, in Newick's notation
    """
    import pandas as pd

    from pipeline.analysis.comparison.stylometry import attribution, consensus_tree, delta_to_artists, rolling_delta
    from pipeline.core.folders import replace_file_atomically
    from pipeline.language.tokens import tokenise

    corpus = part.read()
    if text:
        table = delta_to_artists(corpus, tokenise(read_text(text)), part.layer)
    elif song is not None:
        table = rolling_delta(corpus, song, part.layer).query("nearest").drop(columns="nearest")
    elif tree:
        table, newick = consensus_tree(corpus, part.layer)
        table = table.assign(artists=table["artists"].str.join(", "))
        with replace_file_atomically(tree) as draft:
            draft.write_text(newick + "\n", "utf-8")
    else:
        test = attribution(corpus, part.layer)
        figures = {name: getattr(test, name) for name in ("songs", "artists", "right", "share", "baseline")}
        table = pd.DataFrame([{**figures, **test.interval._asdict()}])
    output.print(table)
