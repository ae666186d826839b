"""What may stand first on a page: the gate that couplets, lines, artists and words pass before a page opens on them.

A reader judges a page by what it opens on. So that is sung by the artist it is filed under, as far as the source says;
in French; no line twice; no cry, no name of an artist. Pages and findings ask here and have no rule of their own. What
is large enough to be ranked is said by `measures.is_ranked`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analysis.counting import Mask, section_row_of_each_line
from pipeline.analysis.lines import line_details_table, line_lengths
from pipeline.analysis.variants import line_hashes, solo_subcorpus
from pipeline.analysis.words.word_classes import content_word_mask, word_class_table
from pipeline.corpus.languages import detect_language, evidence_words
from pipeline.corpus.song import UNKNOWN_ARTIST
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.language.tokens import blank_adlibs, token_spans, tokenise

COUPLET_LINE_RANGE = (8, 16)  # lines of a couplet that is shown
LONG_COUPLET_LINE_RANGE = (17, 32)  # of one that is shown where there is none of these
MIN_TELLING_WORDS = 2  # different words of a line that say something
_MAX_COUPLETS_READ = 24  # couplets whose words are looked at, the most rhymed first
# What stands behind a line's rhyme and is no part of it.
TAG_WORDS = frozenset(
    [
        *("ouais", "ouaip", "yeah", "yo", "yah", "yeh", "hein", "hé", "eh", "ho", "hey", "ay", "han", "ok", "go"),
        *("pute", "poto", "frérot", "khey", "gros", "wesh", "bro", "bitch", "mec"),
    ]
)
_TAG_SHARE = 0.5  # of the lines of a song: a word that so many end on is a tag there
_MIN_OWN_TAG_LINES = 4  # of a section that end on a word: of fewer it is a rhyme
_SAME_SYLLABLE = re.compile(r"(.{1,3}?)\1+h?|(.)\2{2,}.*")  # lalala, brrr


def named_artist_mask(songs: pd.DataFrame) -> "pd.Series[bool]":
    """Return of which songs a source names the artist, and that are songs: not stretches of a text without borders."""
    is_named = songs["artist"] != UNKNOWN_ARTIST
    for column, guess in (("artist_origin", "inferred"), ("extent", "pseudo")):
        if column in songs:  # corpora prepared before do not say it
            is_named &= songs[column] != guess
    return is_named


def named_subcorpus(corpus: Corpus) -> Corpus:
    """Return the songs whose artist a source names; all whose artist is known where it names none."""
    songs = corpus.songs
    named = named_artist_mask(songs)
    named = named if named.any() else songs["artist"] != UNKNOWN_ARTIST
    return corpus if named.all() else corpus.where(songs=songs.index[named])


def first_artist(corpus: Corpus, artists: Iterable[str]) -> str:
    """Return the first of these artists whom a source names, else the first of all."""
    names, named = list(artists), set(corpus.songs.loc[named_artist_mask(corpus.songs), "artist"])
    return next((name for name in names if name in named), names[0])


def telling_word_mask(words: Iterable[str], corpus: Corpus) -> Mask:
    """Return bool[words]: which say something: content words that are no cry (aah, lalala) and no name of an artist of
    the corpus. Of one artist each word of the name counts, of several a name of one word: La Rue takes *rue* from
    nobody else."""
    column = pd.Series(list(words), dtype="str")
    silent = column.isin(_silent_words(corpus)) | column.str.fullmatch(_SAME_SYLLABLE)
    return (content_word_mask(column) & ~silent).to_numpy(bool)


def _silent_words(corpus: Corpus) -> frozenset[str]:
    def words() -> frozenset[str]:
        names = [tokenise(name) for name in corpus.artists]
        own = {word for name in names if len(name) == 1 or len(names) == 1 for word in name}
        classes = word_class_table()
        return frozenset(own | TAG_WORDS | set(classes.loc[classes["class"] == "ad-lib", "word"]))

    return corpus.cached("silent words", words)


def ends_on_tag(line: str) -> bool:
    """Whether a line ends on a tag word, which no rhyme is shown by."""
    return not TAG_WORDS.isdisjoint(tokenise(blank_adlibs(line))[-1:])


def is_telling_line(text: str, corpus: Corpus) -> bool:
    """Whether a line says something: `MIN_TELLING_WORDS` different words do, most of its words are said once, and it is
    in no other language than French."""
    words = tokenise(text)
    different = sorted(set(words))
    return (
        2 * len(different) > len(words)
        and int(telling_word_mask(different, corpus).sum()) >= MIN_TELLING_WORDS
        and detect_language(evidence_words([text])) in (None, *DEFAULT_LANGUAGES)
    )


def couplet_sections(corpus: Corpus, lines: tuple[int, int] = COUPLET_LINE_RANGE) -> pd.DataFrame:
    """Return the sections that may stand first, as rows of `corpus.sections`: couplets of so many lines, in French, by
    the artist alone as far as the source says, no line twice in them. Those whose kind a tag gives come alone where
    there are any."""
    named = named_subcorpus(corpus)
    own = solo_subcorpus(named.where(kinds=["couplet"], languages=DEFAULT_LANGUAGES))
    if own.lines.empty:
        return own.sections
    rows = section_row_of_each_line(own)
    filled = line_lengths(own) > 0
    texts = pd.DataFrame({"section": rows, "hash": line_hashes(own)})[filled]
    sizes = texts.groupby("section")["hash"].agg(["size", "nunique"]).reindex(range(len(own.sections)), fill_value=0)
    fits = sizes["size"].between(*lines) & (sizes["size"] == sizes["nunique"])
    found = own.sections[fits.to_numpy()]
    tagged = found[~found["inferred"].astype(bool)]
    return tagged if len(tagged) else found


def rhymed_couplet(corpus: Corpus, phonetic_table: pd.DataFrame) -> pd.DataFrame:
    """Return the couplet whose rhymes one sees and hears best: the one with the largest share of lines that rhyme at
    their end, on a word that is no tag; of equal ones the one with most rhymed syllables. `line_details_table`, empty
    where no couplet may stand first."""
    sections = couplet_sections(corpus)
    sections = sections if len(sections) else couplet_sections(corpus, LONG_COUPLET_LINE_RANGE)
    lines = corpus.lines[corpus.lines["section"].isin(sections.index)]
    sounds = phonetic_table.loc[lines.index, ["group", "end", "rhymed_syllables", "vowels"]]
    sounds = sounds.assign(rhymed=(sounds["group"] >= 0) & ~_tag_mask(corpus, phonetic_table).loc[lines.index])
    sounds = sounds.assign(section=lines["section"].to_numpy())
    shares = sounds.groupby("section").agg(
        ends=("rhymed", "mean"), syllables=("rhymed_syllables", "sum"), vowels=("vowels", "sum")
    )
    density = shares["syllables"] / shares["vowels"].clip(lower=1)
    order = shares.assign(density=density).sort_values(["ends", "density"], ascending=False, kind="stable").index
    return next(readable_couplets(corpus, order), line_details_table(corpus, []))


def blank_end_tags(lines: Sequence[str]) -> list[str]:
    """Return lines of one section with the tag words at their ends as spaces of the same length: the rhyme is before
    them. A tag is one of `TAG_WORDS`, or what half of four lines or more end on; a line of tags alone stays."""
    spans = [token_spans(blank_adlibs(line)) for line in lines]
    ends = Counter(own[-1].token for own in spans if own)
    own_tags = {word for word, times in ends.items() if times >= max(_MIN_OWN_TAG_LINES, _TAG_SHARE * len(lines))}
    blanked = []
    for line, own in zip(lines, spans, strict=True):
        kept = len(own)
        while kept and own[kept - 1].token in TAG_WORDS | own_tags:
            kept -= 1
        for span in own[kept:] if kept else []:
            line = line[: span.start] + " " * (span.stop - span.start) + line[span.stop :]
        blanked.append(line)
    return blanked


def telling_phrase_mask(ngrams: Iterable[str], corpus: Corpus) -> Mask:
    """Return bool[n-grams]: which hold a word that says something; words of an n-gram have spaces between."""
    parts = [ngram.split(" ") for ngram in ngrams]
    words = sorted({word for part in parts for word in part})
    telling = {word for word, tells in zip(words, telling_word_mask(words, corpus), strict=True) if tells}
    return np.array([not telling.isdisjoint(part) for part in parts], bool)


def _tag_mask(corpus: Corpus, phonetic_table: pd.DataFrame) -> "pd.Series[bool]":
    """Return of each line whether it ends on a tag word, or on the word that half of its song's lines end on."""
    ends = pd.DataFrame({"song": corpus.lines["song"], "end": phonetic_table.loc[corpus.lines.index, "end"]})
    times, lines = ends.groupby(["song", "end"])["end"].transform("size"), ends.groupby("song")["end"].transform("size")
    return ends["end"].isin(TAG_WORDS) | (times >= _TAG_SHARE * lines)


def readable_couplets(corpus: Corpus, sections: Iterable[int]) -> Iterator[pd.DataFrame]:
    """Yield of the first of these sections those whose words are French and say something, as `line_details_table`."""
    for section in list(sections)[:_MAX_COUPLETS_READ]:
        table = line_details_table(corpus, corpus.lines.index[corpus.lines["section"] == section])
        telling = sum(is_telling_line(text, corpus) for text in table["text"])
        language = detect_language(evidence_words(table["text"]))
        if 2 * telling >= len(table) and language in (None, *DEFAULT_LANGUAGES):
            yield table


def draw_over_artists(rows: npt.NDArray[np.integer], corpus: Corpus) -> npt.NDArray[np.integer]:
    """Return these rows of `corpus.lines` in another order: a line of each artist in turn, each once before those that
    say it again. The same rows come in the same order."""
    songs = corpus.songs["artist"].reindex(corpus.lines["song"].to_numpy()[rows]).to_numpy()
    shuffled = np.random.default_rng(len(rows)).permutation(len(rows))
    table = pd.DataFrame({"artist": songs, "line": line_hashes(corpus, "all")[rows]}).iloc[shuffled]
    again = table.duplicated(["artist", "line"])
    turn = table.groupby(["artist", again], sort=False).cumcount()
    order = np.lexsort((np.arange(len(rows)), turn, again))
    return rows[shuffled[order]]
