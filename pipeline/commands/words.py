"""The commands about words: how many a corpus has, in whose company they stand, how words and lines sound."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pipeline.commands.arguments import Choices, Count, command, read_text
from pipeline.commands.output import print_named_values, replace_controls
from pipeline.commands.subcorpus import Subcorpus, Table
from pipeline.core.errors import SettingError, SourceError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import mark_all, t

if TYPE_CHECKING:
    import pandas as pd


mark_all(  # what `stats` prints
    "songs", "artists", "sections", "lines", "words", "types", "years", "tokens", "hapax", "dis", "hapax share",
    "characters per token", "characters per type", "words per line mean", "words per line q1",
    "words per line median", "words per line q3", "words per line longest",
)  # fmt: skip


@command()
def stats(part: Subcorpus, output: Table) -> None:
    """Count a prepared corpus: size of the lexicon, words per line, voices, years."""
    import pandas as pd

    from pipeline.analysis.lines import length_summary
    from pipeline.analysis.words.lexicon import key_figures, lexicon_size

    corpus, layer = part.read(), part.layer
    lengths = length_summary(corpus, layer=layer)
    figures = asdict(key_figures(corpus, layer)) | asdict(lexicon_size(corpus, layer))
    figures |= {
        f"words_per_line_{name}": float(lengths[name].iloc[0]) if len(lengths) else None
        for name in ("mean", "q1", "median", "q3", "longest")
    }
    if output.json or output.csv:
        output.print(pd.DataFrame([figures]))
    else:
        print_named_values({name.replace("_", " "): value for name, value in figures.items()})


@command()
def concordance(
    part: Subcorpus,
    query: str,
    *,
    sort: Literal["left", "right", "corpus"] = "corpus",
    no_accents: bool = False,
    output: Table,
) -> None:
    """Print every match of a query with the words around it (key word in context).

    query QUERY: a word, a phrase, with * and ? for any letters, or CQL (its * and + repeat ten times at most)
    --sort: by the word beside it
    --no-accents: e finds é too
    """
    from pipeline.analysis.words.concordance import concordance

    order = () if sort == "corpus" else ((sort, 1),)
    matches = concordance(part.read(), query, part.layer, order, not no_accents)
    columns = ["left", "match", "right", "title", "artist", "year", "kind"]
    output.print(matches.rows(0, output.most)[columns], total=matches.total)


@command()
def names(
    part: Subcorpus,
    *,
    kind: Literal["person", "place", "brand"] | None = None,
    by: str | None = None,
    network: Literal["featurings", "mentions", "company"] | None = None,
    graphml: Path | None = None,
    output: Table,
) -> None:
    """List the persons, places and brands that are named: by lists, or guessed from capitals; or draw their network.

    --kind: only such names
    --by GROUP: count by artist, year, decade or a facet
    --network: links instead: guests, who names whom, names of one song
    --graphml FILE: with --network: write it for Gephi and igraph
    """
    from pipeline.analysis.words.names import name_network, name_table

    if graphml and not network:
        raise SettingError("--graphml writes a network: say which by --network.")
    if network and (kind or by):
        raise SettingError("--network links names of any kind, all together: leave out --kind and --by.")
    corpus = part.read()
    if not network:
        output.print(name_table(corpus, by, kind or ""))
        return
    links = name_network(corpus, network)
    if not graphml:
        output.print(links)
        return
    _write_graph(links, graphml, directed=network == "mentions")


def _write_graph(links: "pd.DataFrame", file: Path, *, directed: bool = False) -> None:
    from pipeline.core.folders import replace_file_atomically
    from pipeline.publish.tables import to_graphml

    with replace_file_atomically(file) as draft:
        draft.write_bytes(to_graphml(links, directed=directed))
    print(t("{file} is ready.", file=file))


@command()
def similitude(part: Subcorpus, *, words: Count = 60, graphml: Path | None = None, output: Table) -> None:
    """Link the commonest words of a corpus by the share of sections that hold both (Jaccard): the maximum tree.

    --words N: the commonest content words (60)
    --graphml FILE: write it for Gephi and igraph
    """
    from pipeline.analysis.words.word_sketch import similitude

    links = similitude(part.read(), part.layer, words)
    if graphml:
        _write_graph(links, graphml)
    else:
        output.print(links)


@command()
def switching(part: Subcorpus, *, by: str = "artist", lines: bool = False, output: Table) -> None:
    """Count the lines that switch between French and another language, or list them.

    --by GROUP: artist (default), year, decade, kind, song or a facet
    --lines: the lines instead
    """
    from pipeline.analysis.words.code_switching import switching_lines, switching_table

    corpus = part.read()
    columns = ["text", "language", "words", "switches", "title", "artist", "year"]
    table = switching_lines(corpus, part.layer)[columns] if lines else None
    output.print(switching_table(corpus, by, part.layer) if table is None else table)


@command()
def ngrams(part: Subcorpus, *, n: Count = 3, minimum: Count = 2, output: Table) -> None:
    """List the words that stand in a row most often: n-grams within lines.

    -n: words in a row, 1 to 7 (default 3)
    --minimum N: times that it occurs at least (2)
    """
    from pipeline.analysis.words.ngrams import phrase_table

    table = phrase_table(part.read(), n, part.layer, minimum)
    output.print(table, t("nothing stands there {n} times (--minimum).", n=minimum))


@command()
def collocations(
    part: Subcorpus,
    *,
    word: str | None = None,
    left: Count = 5,
    right: Count = 5,
    minimum: Count = 3,
    least_songs: Count = 3,
    output: Table,
) -> None:
    """List the pairs of words that stand together more often than chance, or with --word the company of one word.

    --word: the company of this word (default: pairs of neighbours)
    --left N: with --word: words to the left (5)
    --right N: with --word: words to the right (5)
    --minimum N: times that a pair occurs at least (3)
    --least-songs N: songs that a pair stands in at least (3)
    """
    from pipeline.analysis.words.collocations import collocates, collocations

    corpus = part.read()
    if word is not None:
        table = collocates(corpus, word, left, right, part.layer, minimum, least_songs)
    else:
        table = collocations(corpus, part.layer, minimum, least_songs)
    nothing = t(
        "nothing stands there {n} times, in {songs} songs (--minimum, --least-songs).", n=minimum, songs=least_songs
    )
    output.print(table.drop(columns="index", errors="ignore"), nothing)


@command()
def sketch(
    part: Subcorpus,
    query: str,
    *,
    against: str | None = None,
    network: bool = False,
    left: Count = 3,
    right: Count = 3,
    minimum: Count = 3,
    content: bool = False,
    output: Table,
) -> None:
    """Sketch a word by what stands before it and after it, alone or beside a second word, or as a network.

    query QUERY: a word, a phrase, or with * and ? for any letters
    --against QUERY: a second word, to set beside the first
    --network: the links of its company, in lines
    --left N: words to the left (3)
    --right N: words to the right (3)
    --minimum N: times that a pair occurs at least (3)
    --content: without function words
    """
    from pipeline.analysis.words.word_sketch import collocation_network, sketch_difference, word_sketch

    if network and against is not None:
        raise SettingError("--network is of one word: leave out --against.")
    corpus = part.read()
    window = (left, right, part.layer, minimum, not content)
    if network:
        table = collocation_network(corpus, query, part.layer, minimum=minimum)
    elif against is not None:
        table = sketch_difference(corpus, query, against, *window)
    else:
        table = word_sketch(corpus, query, *window)
    output.print(table, t("nothing stands there {n} times (--minimum).", n=minimum))


def _unpronounceable_error(word: str, more: int = 0) -> SettingError:
    """Return the error to raise for a word without a sound, and as many more."""
    if more:
        return SettingError(
            "{word!r} cannot be said aloud (nor can {more:,} more): give words in letters or figures.",
            word=word,
            more=more,
        )
    return SettingError("{word!r} cannot be said aloud: give words in letters or figures.", word=word)


@command()
def phones(words: Sequence[str], *, output: Table) -> None:
    """Transcribe words as French rap says them: IPA, and where it comes from (lexicon, model or rule).

    words WORD: a word, or a phrase in quotes
    """
    from pipeline.analysis.sound.phonetic_table import pronunciation_table

    table = pronunciation_table(words)
    silent = table.loc[table["ipa"] == "", "word"].tolist()
    if len(silent) < len(table):
        output.print(table[table["ipa"] != ""])
    if silent:
        raise _unpronounceable_error(silent[0], len(silent) - 1)


@command()
def scan(file: Path, *, verse: bool = False, output: Table) -> None:
    """Scan a text: each line's syllables (spoken and in verse), phones, rhyme key, and the scheme of its section.

    In the table a capital is a rhyme and a small letter an assonance; --json has the strict scheme too.

    file: a UTF-8 text; empty lines part the sections
    --verse: as classical verse: a mute e rhymes with such alone
    """
    from pipeline.analysis.sound.phonetic_table import scansion_table

    table = scansion_table(read_text(file), verse=verse)
    if table.empty:
        raise SourceError("{file} holds no line to scan: give a text of one line or more.", file=file)
    if output.json or output.csv:
        output.print(table)
        return
    for row in table.itertuples():
        print(f"{row.syllables_spoken:3} {row.rhyme_key:>6} {row.reading:>6}  {replace_controls(row.text)}")


@command()
def rhyme(a: str, b: str, *, output: Table, verse: bool = False) -> None:
    """Compare two words or phrases: kind of rhyme, common phones and vowels counted from the end.

    a: a word, or a phrase in quotes
    b: a word, or a phrase in quotes
    --verse: as classical verse: a mute e rhymes with such alone
    """

    import pandas as pd

    from pipeline.language.scansion import compare_rhyme, transcribe_words

    if silent := [row["word"] for row in transcribe_words([a, b]) if not row["ipa"]]:
        raise _unpronounceable_error(silent[0])
    output.print(pd.DataFrame([compare_rhyme(a, b, verse=verse)]))


@command()
def rhymes(
    text: str,
    *,
    corpus: str = DEMO_NAME,
    least: Annotated[str, Choices("pipeline.language.rhyme", "KINDS")] = "near",
    syllables: Sequence[Count] = (),
    register: str = "",
    vowel: bool = False,
    verse: bool = False,
    corpus_only: bool = False,
    phrases: bool = False,
    output: Table,
) -> None:
    """List the words that rhyme with a word or phrase: those of a corpus first, and of French beyond it.

    text WORD: a word, or a phrase in quotes
    --corpus NAME: a prepared corpus (default demo)
    --least: the poorest kind (near)
    --syllables N …: only words of so many syllables
    --register CLASS: only verlan, argot, anglicism and so on
    --vowel: only words that begin with a vowel
    --verse: as classical verse: a mute e rhymes with such alone
    --corpus-only: no words of French beyond the corpus
    --phrases: phrases of the corpus that rhyme over their words
    """
    from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter, rhymes, rhyming_phrases
    from pipeline.corpus.prepare import open_corpus
    from pipeline.language.scansion import transcribe_words

    if not transcribe_words([text])[0]["ipa"]:
        raise _unpronounceable_error(text)
    opened = open_corpus(corpus)
    if phrases:
        table = rhyming_phrases(opened, text)
    else:
        sizes, french = tuple(syllables), not corpus_only
        table = rhymes(opened, text, RhymeFilter(least, sizes, register, vowel, verse, french))
    output.print(table)
