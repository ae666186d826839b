"""The commands about words: how many a corpus has, in whose company they stand, how words and lines sound."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from pipeline.commands.arguments import Choices, Count, command, read_text
from pipeline.commands.output import print_named_values
from pipeline.commands.subcorpus import Subcorpus, TablePrinter
from pipeline.core.errors import SettingError, SourceError
from pipeline.core.paths import DEMO_NAME
from pipeline.core.translation import mark_all, t

mark_all(  # what `stats` prints
    "songs", "artists", "sections", "lines", "words", "types", "years", "tokens", "hapax", "dis", "hapax share",
    "characters per token", "characters per type", "words per line mean", "words per line q1",
    "words per line median", "words per line q3", "words per line longest",
)  # fmt: skip


@command()
def stats(part: Subcorpus, output: TablePrinter) -> None:
    """Count a prepared corpus: size of the lexicon, words per line, artists, years."""
    import pandas as pd

    from pipeline.analysis.lines import line_length_summary
    from pipeline.analysis.words.lexicon import key_figures, lexicon_size

    corpus, layer = part.read(), part.layer
    lengths = line_length_summary(corpus, layer=layer)
    figures = asdict(key_figures(corpus, layer)) | asdict(lexicon_size(corpus, layer))
    figures |= {
        f"words_per_line_{name}": float(lengths[name].iloc[0]) if len(lengths) else None
        for name in ("mean", "q1", "median", "q3", "longest")
    }
    if output.json or output.csv:
        output.print_table(pd.DataFrame([figures]))
    else:
        print_named_values({name.replace("_", " "): value for name, value in figures.items()})


@command()
def concordance(
    part: Subcorpus,
    query: str,
    *,
    sort: Literal["left", "right", "corpus"] = "corpus",
    no_accents: bool = False,
    output: TablePrinter,
) -> None:
    """Print every match of a query in context (concordance).

    query QUERY: a word or phrase, with * and ? for any letters, or CQL (its * and + repeat at most ten times)
    --sort: sort by the word next to it
    --no-accents: e also matches é
    """
    from pipeline.analysis.words.concordance import concordance

    order = () if sort == "corpus" else ((sort, 1),)
    matches = concordance(part.read(), query, part.layer, order, not no_accents)
    columns = ["left", "match", "right", "title", "artist", "year", "kind"]
    output.print_table(matches.rows(0, output.max_rows)[columns], total=matches.total)


@command()
def names(
    part: Subcorpus,
    *,
    kind: Literal["person", "place", "brand"] | None = None,
    by: str | None = None,
    network: Literal["featurings", "mentions", "company"] | None = None,
    graphml: Path | None = None,
    output: TablePrinter,
) -> None:
    """List the people, places and brands named, from lists or guessed from capitals; or draw their network.

    --kind: only names of this kind
    --by GROUP: count by artist, year, decade or a facet
    --network: a network instead: guests, who names whom, names in the same song
    --graphml FILE: with --network: write it for Gephi and igraph
    """
    from pipeline.analysis.words.names import name_network, name_table
    from pipeline.core.folders import replace_file_atomically
    from pipeline.publish.tables import to_graphml

    if graphml and not network:
        raise SettingError("--graphml writes a network: choose one with --network.")
    if network and (kind or by):
        raise SettingError("--network links names of all kinds together: leave out --kind and --by.")
    corpus = part.read()
    if not network:
        output.print_table(name_table(corpus, by, kind or ""))
        return
    links = name_network(corpus, network)
    if not graphml:
        output.print_table(links)
        return
    with replace_file_atomically(graphml) as draft:
        draft.write_bytes(to_graphml(links, directed=network == "mentions"))
    print(t("{file} is ready.", file=graphml))


@command()
def ngrams(part: Subcorpus, *, n: Count = 3, minimum: Count = 2, output: TablePrinter) -> None:
    """List the most frequent phrases: n-grams within lines.

    -n: number of words, 1 to 7 (default 3)
    --minimum N: minimum occurrences (2)
    """
    from pipeline.analysis.words.ngrams import phrase_table

    table = phrase_table(part.read(), n, part.layer, minimum)
    output.print_table(table, t("nothing occurs {n} times (--minimum).", n=minimum))


@command()
def collocations(
    part: Subcorpus,
    *,
    word: str | None = None,
    left: Count = 5,
    right: Count = 5,
    minimum: Count = 3,
    least_songs: Count = 3,
    output: TablePrinter,
) -> None:
    """List the pairs of words found together more often than chance predicts, or the collocations of one (--word).

    --word: the collocations of this word (default: pairs of neighbours)
    --left N: with --word: words to the left (5)
    --right N: with --word: words to the right (5)
    --minimum N: minimum occurrences of a pair (3)
    --least-songs N: minimum songs with the pair (3)
    """
    from pipeline.analysis.words.collocations import collocates, collocations

    corpus = part.read()
    if word is not None:
        table = collocates(corpus, word, left, right, part.layer, minimum, least_songs)
    else:
        table = collocations(corpus, part.layer, minimum, least_songs)
    nothing = t("nothing occurs {n} times, in {songs} songs (--minimum, --least-songs).", n=minimum, songs=least_songs)
    output.print_table(table.drop(columns="index", errors="ignore"), nothing)


@command()
def sketch(
    part: Subcorpus,
    query: str,
    *,
    against: str | None = None,
    left: Count = 3,
    right: Count = 3,
    minimum: Count = 3,
    content: bool = False,
    output: TablePrinter,
) -> None:
    """Show the words before and after a word, alone or compared with a second word.

    query QUERY: a word or phrase, with * and ? for any letters
    --against QUERY: a second word to compare with the first
    --left N: words to the left (3)
    --right N: words to the right (3)
    --minimum N: minimum occurrences of a pair (3)
    --content: without function words
    """
    from pipeline.analysis.words.word_sketch import sketch_difference, word_sketch

    corpus = part.read()
    window = (left, right, part.layer, minimum, not content)
    if against is not None:
        table = sketch_difference(corpus, query, against, *window)
    else:
        table = word_sketch(corpus, query, *window)
    output.print_table(table, t("nothing occurs {n} times (--minimum).", n=minimum))


def _unpronounceable_error(*words: str) -> SettingError:
    return SettingError("{word!r} cannot be pronounced: give words in letters or figures.", word=", ".join(words))


@command()
def phones(words: Sequence[str], *, output: TablePrinter) -> None:
    """Transcribe words as pronounced in French rap: IPA, and its source (lexicon, model or rule).

    words WORD: a word, or a phrase in quotes
    """
    from pipeline.analysis.sound.phonetic_table import pronunciation_table

    table = pronunciation_table(words)
    silent = table.loc[table["ipa"] == "", "word"].tolist()
    if len(silent) < len(table):
        output.print_table(table[table["ipa"] != ""])
    if silent:
        raise _unpronounceable_error(*silent)


@command()
def scan(file: Path, *, verse: bool = False, output: TablePrinter) -> None:
    """Scan a text: syllables of each line (spoken and classical), phones, rhyme key, and the scheme of its section.

    In the table a capital is a rhyme and a lowercase letter an assonance; --json has the strict scheme too.

    file: a UTF-8 text; empty lines separate the sections
    --verse: classical rules: a mute e rhymes only with a mute e
    """
    from pipeline.analysis.sound.phonetic_table import scansion_table

    table = scansion_table(read_text(file), verse=verse)
    if table.empty:
        raise SourceError("{file} contains no lines to scan: give a text of at least one line.", file=file)
    columns = list(table) if output.json or output.csv else ["syllables_spoken", "rhyme_key", "reading", "text"]
    output.print_table(table[columns])


@command()
def rhyme(a: str, b: str, *, output: TablePrinter, verse: bool = False) -> None:
    """Compare two words or phrases: kind of rhyme, common phones and vowels counted from the end.

    a: a word, or a phrase in quotes
    b: a word, or a phrase in quotes
    --verse: classical rules: a mute e rhymes only with a mute e
    """

    import pandas as pd

    from pipeline.language.scansion import compare_rhyme, transcribe_words_as_rows

    if silent := [row["word"] for row in transcribe_words_as_rows([a, b]) if not row["ipa"]]:
        raise _unpronounceable_error(silent[0])
    output.print_table(pd.DataFrame([compare_rhyme(a, b, verse=verse)]))


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
    output: TablePrinter,
) -> None:
    """List the words that rhyme with a word or phrase: first those of a corpus, then those of French.

    text WORD: a word, or a phrase in quotes
    --corpus NAME: a prepared corpus (default demo)
    --least: the weakest rhyme (near)
    --syllables N …: only words with this many syllables
    --register CLASS: only verlan, argot, anglicism and so on
    --vowel: only words that start with a vowel
    --verse: classical rules: a mute e rhymes only with a mute e
    --corpus-only: no French words from outside the corpus
    --phrases: phrases of the corpus that rhyme across words
    """
    from pipeline.analysis.sound.rhyming_dictionary import RhymeFilter, mosaic_rhymes, rhymes_of_text
    from pipeline.corpus.prepare import open_corpus
    from pipeline.language.scansion import transcribe_words_as_rows

    if not transcribe_words_as_rows([text])[0]["ipa"]:
        raise _unpronounceable_error(text)
    opened = open_corpus(corpus)
    if phrases:
        table = mosaic_rhymes(opened, text)
    else:
        sizes, french = tuple(syllables), not corpus_only
        table = rhymes_of_text(opened, text, RhymeFilter(least, sizes, register, vowel, verse, french))
    output.print_table(table)
