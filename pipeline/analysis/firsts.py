"""What may stand first on a page: the rules that couplets, lines, artists and words pass before a page opens on them.

A reader judges a page by what it opens on. So that is performed by the artist it is filed under, as far as the source
says; in French; without repeated lines, ad-libs or artists' names. Pages and findings ask here and have no rule of
their own. `measures.rankable_mask` says which groups are large enough to be ranked.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Ints, Mask, section_row_of_each_line, word_mask
from pipeline.analysis.lines import line_details_table
from pipeline.analysis.variants import line_hashes, solo_subcorpus
from pipeline.analysis.words.word_classes import content_word_mask, function_words, word_class_table
from pipeline.corpus.languages import detect_language, evidence_words
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.tokens import blank_adlibs, token_spans, tokenise

COUPLET_LINE_RANGE = (8, 16)  # lines of a couplet that is shown
LONG_COUPLET_LINE_RANGE = (17, 32)  # of one that is shown where there is none of these
MIN_MEANINGFUL_WORDS = 2  # different ones in a meaningful line
_MAX_COUPLETS_READ = 24  # couplets whose words are looked at, the most rhymed first
# Words such as *ouais* that follow the rhyme of a line and are no part of it.
FILLER_WORDS = frozenset(
    [
        *("ouais", "ouaip", "yeah", "yo", "yah", "yeh", "hein", "hé", "eh", "ho", "hey", "ay", "han", "ok", "go"),
        *("pute", "poto", "frérot", "khey", "gros", "wesh", "bro", "bitch", "mec"),
    ]
)
_FILLER_SHARE = 0.5  # of the lines of a song: a word that so many end on is a filler there
_MIN_FILLER_LINES = 4  # of a section that end on a word: of fewer it is a rhyme
_MIN_CRIES = 5  # occurrences of a word that is mostly repeated
_NAME_LINES = 12  # lines read of a word that may be a name
_VARIANT_DICE = 0.5  # of the content words of two lines: the same line but for a few
_SAME_SYLLABLE = re.compile(r"(.{1,3}?)\1+h?|(.)\2{2,}.*")  # lalala, brrr


def named_artist_mask(songs: pd.DataFrame) -> "pd.Series[bool]":
    """Return bool[songs]: True at songs whose artist and borders the source gives, so that neither is guessed."""
    is_named = songs["artist"] != UNKNOWN_ARTIST
    for column, guess in (("artist_origin", "inferred"), ("extent", "pseudo")):
        if column in songs:  # corpora prepared before do not say it
            is_named &= songs[column] != guess
    return is_named


def named_artists_subcorpus(corpus: Corpus) -> Corpus:
    """Return the songs whose artist a source names; where it names none, all whose artist is known; else all songs."""
    songs = corpus.songs
    named = named_artist_mask(songs)
    named = named if named.any() else songs["artist"] != UNKNOWN_ARTIST
    return corpus.where(songs=songs.index[named]) if named.any() and not named.all() else corpus


def first_artist_named_by_source(corpus: Corpus, artists: Iterable[str]) -> str:
    """Return the first of these artists whom the source names. If it names none, return the first of all."""
    names, named = list(artists), set(corpus.songs.loc[named_artist_mask(corpus.songs), "artist"])
    return next((name for name in names if name in named), names[0])


def meaningful_word_mask(words: Iterable[str], corpus: Corpus, own: Iterable[str] = ()) -> Mask:
    """Return bool[words]: True at content words that are neither ad-libs (aah, lalala) nor artists' names.

    Of the artists whose `own` words these are, and in a corpus of one artist, every word of the name is one; of others
    only names of one word: La Rue takes *rue* from nobody else.
    """
    asked, own_names = list(words), frozenset[str]().union(*map(tokenise, own))
    silent = cries_and_artist_names(corpus)
    heard = [word in silent or word in own_names or _SAME_SYLLABLE.fullmatch(word) is not None for word in asked]
    return content_word_mask(asked) & ~np.array(heard, bool)


def cries_and_artist_names(corpus: Corpus) -> frozenset[str]:
    """Return the ad-libs, fillers and artists' names, which are not meaningful words. Cached with the corpus."""

    def find_words() -> frozenset[str]:
        names = [tokenise(name) for name in corpus.artists]
        own = {word for name in names if len(name) == 1 or len(names) == 1 for word in name}
        classes = word_class_table()
        return frozenset(own | FILLER_WORDS | set(classes.loc[classes["class"] == "ad-lib", "word"]))

    return corpus.cached("silent words", find_words)


def ends_on_filler(line: str) -> bool:
    """Return whether a line ends on one of `FILLER_WORDS` (ouais, hein …), whose rhymes are not worth showing."""
    return not FILLER_WORDS.isdisjoint(tokenise(blank_adlibs(line))[-1:])


def is_meaningful_line(text: str, corpus: Corpus) -> bool:
    """Return whether a line is worth quoting: French, few repeats, `MIN_MEANINGFUL_WORDS` meaningful words."""
    words = tokenise(text)
    different = sorted(set(words))
    return (
        2 * len(different) > len(words)
        and int(meaningful_word_mask(different, corpus).sum()) >= MIN_MEANINGFUL_WORDS
        and detect_language(evidence_words([text])) in (None, *DEFAULT_LANGUAGES)
    )


def meaningful_lines_first(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    """Return a table of lines (column text) with the meaningful ones first, otherwise in the same order."""
    others = [not is_meaningful_line(text, corpus) for text in table["text"]]
    return table.iloc[np.argsort(others, kind="stable")]


def name_mask(words: Iterable[str], corpus: Corpus) -> Mask:
    """Return bool[words]: True at names, words that most of the first lines with them, `_NAME_LINES` at most, write
    with a capital that does not begin the line (Lita et al. 2003)."""
    asked = list(words)
    ids, rows = corpus.token_table("all")
    at = np.flatnonzero(word_mask(corpus.vocabulary, asked)[ids])
    pairs = pd.DataFrame({"id": ids[at], "row": rows[at]}).drop_duplicates().groupby("id").head(_NAME_LINES)
    large = Counter[str]()  # times with a capital less those without
    texts = corpus.texts_of(corpus.lines.index[pairs["row"]])
    for word, text in zip(corpus.vocabulary.decode(pairs["id"]), texts, strict=True):
        own = [span for span in token_spans(text)[1:] if span.token == word]
        large[word] += sum(1 if text[span.start].isupper() else -1 for span in own)
    return np.array([large[word] > 0 for word in asked], bool)


def drop_line_variants(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of lines (column text) without those that have half of their content words, or more, in common
    with an earlier one (Dice): variants of one line."""
    kept = list[int]()
    words = [set(tokenise(text)) for text in table["text"]]
    words = [own - function_words() or own for own in words]
    for at, own in enumerate(words):
        if not any(2 * len(own & words[other]) >= _VARIANT_DICE * (len(own) + len(words[other])) for other in kept):
            kept.append(at)
    return table.iloc[kept].reset_index(drop=True)


def couplets_fit_for_display(corpus: Corpus, lines: tuple[int, int] = COUPLET_LINE_RANGE) -> pd.DataFrame:
    """Return the couplets that are suitable as the first example on a page, as rows of `corpus.sections`.

    They have so many lines (fewest, most), are French, have no line twice and no other performer that the source names.
    Where tags name the kind of some, only these are returned.
    """
    named = named_artists_subcorpus(corpus)
    own = solo_subcorpus(named.where(kinds=["couplet"], languages=DEFAULT_LANGUAGES))
    if own.lines.empty:
        return own.sections
    rows = section_row_of_each_line(own)
    filled = own.line_lengths() > 0
    texts = pd.DataFrame({"section": rows, "hash": line_hashes(own)})[filled]
    sizes = texts.groupby("section")["hash"].agg(["size", "nunique"]).reindex(range(len(own.sections)), fill_value=0)
    fits = sizes["size"].between(*lines) & (sizes["size"] == sizes["nunique"])
    found = own.sections[fits.to_numpy()]
    tagged = found[~found["inferred"].astype(bool)]
    return tagged if len(tagged) else found


def best_rhymed_couplet(corpus: Corpus, phonetic_table: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of the couplet with the highest share of rhyming lines and, among equals, of rhymed syllables.

    Rhymes on filler words do not count. Columns of `line_details_table`; empty without a couplet fit for display.
    """
    sections = couplets_fit_for_display(corpus)
    sections = sections if len(sections) else couplets_fit_for_display(corpus, LONG_COUPLET_LINE_RANGE)
    lines = corpus.lines[corpus.lines["section"].isin(sections.index)]
    sounds = phonetic_table.loc[lines.index, ["group", "end", "rhymed_syllables", "vowels"]]
    sounds = sounds.assign(rhymed=(sounds["group"] >= 0) & ~_filler_end_mask(corpus, phonetic_table).loc[lines.index])
    sounds = sounds.assign(section=lines["section"].to_numpy())
    shares = sounds.groupby("section").agg(
        ends=("rhymed", "mean"), syllables=("rhymed_syllables", "sum"), vowels=("vowels", "sum")
    )
    density = shares["syllables"] / shares["vowels"].clip(lower=1)
    order = shares.assign(density=density).sort_values(["ends", "density"], ascending=False, kind="stable").index
    return next(french_couplet_tables(corpus, order), line_details_table(corpus, []))


def blank_final_fillers(lines: Sequence[str]) -> list[str]:
    """Return the lines of a section with the filler words at their ends blanked by spaces: the rhyme is before them.

    Fillers are `FILLER_WORDS` and a word on which half of the lines, four at least, end. A line of fillers alone stays.
    """
    spans = [token_spans(blank_adlibs(line)) for line in lines]
    ends = Counter(own[-1].token for own in spans if own)
    fillers = {word for word, times in ends.items() if times >= max(_MIN_FILLER_LINES, _FILLER_SHARE * len(lines))}
    blanked = []
    for line, own in zip(lines, spans, strict=True):
        kept = len(own)
        while kept and own[kept - 1].token in FILLER_WORDS | fillers:
            kept -= 1
        for span in own[kept:] if kept else []:
            line = line[: span.start] + " " * (span.stop - span.start) + line[span.stop :]
        blanked.append(line)
    return blanked


def meaningful_phrase_mask(ngrams: Iterable[str], corpus: Corpus) -> Mask:
    """Return bool[n-grams]: True at those with a meaningful word that do not end on a function word (*au bout du*) or
    hold a word that is mostly repeated (*dum da dum*).

    An n-gram is its words joined by spaces.
    """
    parts = [ngram.split(" ") for ngram in ngrams]
    words = sorted({word for part in parts for word in part})
    telling = {word for word, tells in zip(words, meaningful_word_mask(words, corpus), strict=True) if tells}
    cries, cut = _repeated_words(corpus), function_words()
    return np.array(
        [cries.isdisjoint(part) and not telling.isdisjoint(part) and part[-1] not in cut for part in parts], bool
    )


def _repeated_words(corpus: Corpus) -> frozenset[str]:
    """Return the words said again within two words, as in *dum da dum*, more than half of `_MIN_CRIES` times or
    more. Cached with the corpus."""

    def find_words() -> frozenset[str]:
        ids, rows = corpus.token_table()
        again = np.zeros(len(ids), bool)
        for step in (1, 2):
            again[step:] |= (ids[step:] == ids[:-step]) & (rows[step:] == rows[:-step])
        times, repeated = (np.bincount(each, minlength=len(corpus.vocabulary)) for each in (ids, ids[again]))
        return frozenset(corpus.vocabulary.decode(np.flatnonzero((times >= _MIN_CRIES) & (2 * repeated > times))))

    return corpus.cached("repeated words", find_words)


def _filler_end_mask(corpus: Corpus, phonetic_table: pd.DataFrame) -> "pd.Series[bool]":
    """Return bool[lines]: True where a line ends on a filler word or on a word that ends half its song's lines."""
    ends = pd.DataFrame({"song": corpus.lines["song"], "end": phonetic_table.loc[corpus.lines.index, "end"]})
    times, lines = ends.groupby(["song", "end"])["end"].transform("size"), ends.groupby("song")["end"].transform("size")
    return ends["end"].isin(FILLER_WORDS) | (times >= _FILLER_SHARE * lines)


def french_couplet_tables(corpus: Corpus, sections: Iterable[int]) -> Iterator[pd.DataFrame]:
    """Yield a table of the lines of each section that is in French and has enough lines worth quoting.

    Only the first `_MAX_COUPLETS_READ` sections are read.
    """
    for section in list(sections)[:_MAX_COUPLETS_READ]:
        table = line_details_table(corpus, corpus.lines.index[corpus.lines["section"] == section])
        telling = sum(is_meaningful_line(text, corpus) for text in table["text"])
        language = detect_language(evidence_words(table["text"]))
        if 2 * telling >= len(table) and language in (None, *DEFAULT_LANGUAGES):
            yield table


def shuffle_across_artists(rows: npt.NDArray[np.integer], corpus: Corpus) -> npt.NDArray[np.integer]:
    """Return rows of `corpus.lines` in a random order in which artists take turns."""
    return rows[artist_alternating_permutation(rows, corpus)]


def artist_alternating_permutation(rows: npt.NDArray[np.integer], corpus: Corpus) -> Ints:
    """Return a permutation of rows of `corpus.lines` in which artists take turns and repeated lines come last.

    A line is repeated whoever says it again. The order is random but the same for the same rows.
    """
    drawn = replace(corpus, lines=corpus.lines.iloc[rows])
    songs = corpus.songs["artist"].reindex(drawn.lines["song"].to_numpy()).to_numpy()
    shuffled = np.random.default_rng(len(rows)).permutation(len(rows))
    table = pd.DataFrame({"artist": songs, "line": line_hashes(drawn, "all")}).iloc[shuffled]
    again = table.duplicated("line")
    turn = table.groupby(["artist", again], sort=False).cumcount()
    return shuffled[np.lexsort((np.arange(len(rows)), turn, again))]
