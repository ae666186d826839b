"""A centon: whole lines of songs, each of another song, put together to a measure (cento, patchwork: Ausonius).

Lines that fit are ranked as DopeLearning ranks them (Malmi et al. 2016): by how much likelier a line is to a language
model after those before it than at the beginning of a song, and by how likely it is at all. Nothing is changed in a
line, and each says which song it is of.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pipeline.analysis.sound.phonetic_table import phonetic_table, pronunciations
from pipeline.analysis.words.word_classes import function_words
from pipeline.core.errors import SettingError
from pipeline.corpus.song import song_label
from pipeline.corpus.table import DEFAULT_LANGUAGES, Corpus
from pipeline.generation.context import Context, context_after_seed, encode_seed
from pipeline.generation.demand import CheckedLine, LineDemand, Proposer, gumbel_order, pick_dissimilar
from pipeline.generation.lyric import Quotation
from pipeline.generation.search.endings import Endings
from pipeline.generation.speakers import line_person, main_pronoun, pronoun_has_antecedent, pronouns_have_antecedents
from pipeline.generation.style import Style
from pipeline.language.rhyme import line_phone_variants
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import blank_adlibs, tokenise

CANDIDATES = 60  # lines that the model reads for one
PRIOR_WEIGHT = 0.5  # of ln p(line | those before it), beside what those before it gain
FEWEST_WORDS, MOST_WORDS = 3, 20  # of a line to quote
MISSING_ANTECEDENT_COST = 12.0  # nats
CAPITALISED_CORPUS = 0.8  # share of lines that begin with a capital: then one that does not goes on with another
_RELATIVES = frozenset(("qui", "que", "qu'", "dont", "où", "lequel", "laquelle"))  # begin no whole sentence
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class QuotedLines:
    """The lines of a corpus that a centon (a text of quoted lines) may quote: one entry per line in each array.

    syllables int[n], as spoken; songs int[n], by number in the corpus; ends, the last word; is_whole, whether the line
    is a sentence of its own as far as its letters show
    """

    corpus: str
    texts: tuple[str, ...]
    syllables: npt.NDArray[np.int64]
    songs: npt.NDArray[np.int64]
    ends: tuple[str, ...]
    is_whole: Flags
    labels: dict[int, str]
    endings: Endings

    @classmethod
    def from_corpus(cls, corpus: Corpus) -> "QuotedLines":
        """Return the French lines of a corpus, or of a part of it, that have a transcription and enough words.

        Raises SettingError where there are none.
        """
        corpus = corpus.where(languages=DEFAULT_LANGUAGES)
        sounds = phonetic_table(corpus).reindex(corpus.lines.index)
        texts = [blank_adlibs(text).strip() for text in corpus.texts]
        whole = _whole_sentence_flags(texts, corpus.lines["song"].to_numpy())
        words = np.array([len(tokenise(text)) for text in texts])
        chosen = np.flatnonzero(
            (sounds["end"].fillna("") != "").to_numpy() & (words >= FEWEST_WORDS) & (words <= MOST_WORDS)
        )
        if not len(chosen):
            raise SettingError("These songs have no line to quote. Choose more of them.")
        rows = sounds.iloc[chosen]
        songs = corpus.lines["song"].to_numpy()[chosen]
        labels = map(song_label, corpus.songs["title"], corpus.songs["artist"])
        return cls(
            corpus=corpus.name,
            texts=tuple(texts[at] for at in chosen),
            syllables=rows["spoken"].to_numpy(np.int64),
            songs=songs,
            ends=tuple(rows["end"]),
            is_whole=whole[chosen],
            labels=dict(zip(corpus.songs.index.tolist(), labels, strict=True)),
            endings=Endings.from_words(dict.fromkeys(rows["end"]), pronunciations(corpus)),
        )

    @cached_property
    def rows_by_end(self) -> dict[str, list[int]]:
        """Last word -> rows of the lines that end with it."""
        rows: dict[str, list[int]] = {}
        for row, end in enumerate(self.ends):
            rows.setdefault(end, []).append(row)
        return rows

    @cached_property
    def grammatical_persons(self) -> tuple[str | None, ...]:
        """The person of each line's first subject pronoun (je, tu, on, nous, vous); None for none."""
        return tuple(map(line_person, self.texts))

    @cached_property
    def rows_by_text(self) -> dict[str, int]:
        return {text: row for row, text in enumerate(self.texts)}


def _whole_sentence_flags(texts: Sequence[str], songs: npt.NDArray[np.int64]) -> Flags:
    """Return bool[lines]: whether a line is a whole sentence, by its first and last words and by capital letters."""
    capital = np.array([text[:1].isupper() or not text[:1].isalpha() for text in texts], bool)
    if not len(texts) or capital.mean() < CAPITALISED_CORPUS:
        capital[:] = True
    words = [tokenise(text) for text in texts]
    begins = capital & np.array([bool(line) and line[0] not in _RELATIVES for line in words], bool)
    ends = np.array([bool(line) and line[-1] not in function_words() for line in words], bool)
    ends[:-1] &= capital[1:] | (songs[1:] != songs[:-1])
    return begins & ends


@dataclass(frozen=True, eq=False)
class Centon(Proposer):
    """A proposer whose lines are quoted whole from songs.

    first_words  a wish for the first line: those that hold most of them are quoted first
    """

    lines: QuotedLines
    first_words: str = ""

    def propose(self, demand: LineDemand, count: int) -> list[CheckedLine]:
        """Return at most `count` lines of songs that are not in the text yet, those that meet all constraints first."""
        rows = self._fitting_rows(demand)
        if not rows:
            return []
        model_scores = _score_lines(demand, [self.lines.texts[row] for row in rows])
        before = demand.song.lines[-1] if demand.song.lines else ""
        lost = [
            not (pronouns_have_antecedents(text) and pronoun_has_antecedent(before, text))
            for text in map(self.lines.texts.__getitem__, rows)
        ]
        order = gumbel_order(model_scores - MISSING_ANTECEDENT_COST * np.array(lost), demand.song.rng)
        return pick_dissimilar([self._checked_quotation(demand, rows[at]) for at in order[: 4 * count]], count)

    def _checked_quotation(self, demand: LineDemand, row: int) -> CheckedLine:
        text, song = self.lines.texts[row], int(self.lines.songs[row])
        label = self.lines.labels[song]
        return CheckedLine(
            demand.song.as_candidate(text),
            demand.violations(text, quoted=True),
            by=label,
            quotation=Quotation(self.lines.corpus, song, label),
        )

    def _fitting_rows(self, demand: LineDemand) -> list[int]:
        """Return the rows of at most `CANDIDATES` lines to choose from. If none meets all constraints, ignore the
        length, or the rhyme, or both."""
        allowed, measured = self._unused_line_flags(demand), np.ones(len(self.lines.texts), bool)
        if wanted := demand.slot.constraints.syllable_range:
            measured = (self.lines.syllables >= wanted[0]) & (self.lines.syllables <= wanted[1])
        rhyming = self._rhyming_line_flags(demand, allowed & measured)
        for met in (allowed & rhyming & measured, allowed & rhyming, allowed & measured, allowed):
            if met.any():
                return self._most_suited_rows(demand, np.flatnonzero(met))
        return []

    def _unused_line_flags(self, demand: LineDemand) -> Flags:
        """Return bool[lines]: whether a line has a song and a last word not used before, and no word to avoid."""
        used = [row for line in demand.song.lines if (row := self.lines.rows_by_text.get(line)) is not None]
        ends = {tokens[-1] for line in demand.song.lines if (tokens := tokenise(line))}
        avoid = demand.line_constraints.avoid
        return ~np.isin(self.lines.songs, self.lines.songs[used]) & np.array(
            [end not in ends and avoid.isdisjoint(tokenise(text)) if avoid else end not in ends
             for end, text in zip(self.lines.ends, self.lines.texts, strict=True)], bool
        )  # fmt: skip

    def _rhyming_line_flags(self, demand: LineDemand, suitable: Flags) -> Flags:
        """Return bool[lines]: whether a line ends on the given word; without one, whether it rhymes with the line to
        answer; without that, whether enough last words of `suitable` lines share its rhyme."""
        flags = np.zeros(len(self.lines.texts), bool)
        if demand.end_word:
            flags[self.lines.rows_by_end.get(demand.end_word, [])] = True
            return flags
        if not (demand.answer or demand.slot.letter):
            return ~flags
        endings, richness = self.lines.endings, demand.slot.constraints.richness
        if demand.answer:
            spoken = line_phone_variants(scan_line(demand.answer, demand.song.index.pronunciations))
            chosen = [at for phones in spoken if phones for at in endings.rhyming_indices(phones, richness)]
        else:
            words = {end for end, fits in zip(self.lines.ends, suitable, strict=True) if fits}
            groups = endings.indices_by_rhyme_key(richness).values()
            rich = (group for group in groups if sum(endings.words[at].text in words for at in group) >= demand.group)
            chosen = [at for group in rich for at in group]
        flags[[row for at in chosen for row in self.lines.rows_by_end[endings.words[at].text]]] = True
        return flags

    def _most_suited_rows(self, demand: LineDemand, rows: npt.NDArray[np.intp]) -> list[int]:
        """Return `CANDIDATES` random rows of these. Rows on the theme come first, then whole sentences and the same
        speaker."""
        song, section = demand.song, demand.song.lines[demand.song.before_section :]
        person = main_pronoun(section)
        theme = {word for word, _ in song.settings.theme.words} if song.settings.theme else set[str]()
        wish = Counter(tokenise(self.first_words)) if not song.lines else Counter[str]()

        def first_word_matches(row: int) -> int:
            return sum((wish & Counter(tokenise(self.lines.texts[row]))).values())

        def mismatch_flags(row: int) -> tuple[bool, bool, bool]:
            is_off_theme = bool(theme) and theme.isdisjoint(tokenise(self.lines.texts[row]))
            other_person = self.lines.grammatical_persons[row] not in (person, None) if person else False
            return is_off_theme, not self.lines.is_whole[row], other_person

        drawn = song.rng.permutation(rows).tolist()
        if wish:
            most = max(map(first_word_matches, drawn))
            drawn = [row for row in drawn if first_word_matches(row) == most]
        return sorted(drawn, key=mismatch_flags)[:CANDIDATES]


def _score_lines(demand: LineDemand, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return float[lines], in nats: ln p(line | the lines before) - ln p(line), plus half of the first term."""
    song = demand.song
    sequences = [song.as_candidate(text).tokens for text in texts]
    vocabulary = song.index.vocabulary
    nothing, controls = encode_seed("", vocabulary), Style().control_tokens(vocabulary)
    beginning = context_after_seed(song.index.model, nothing, song.index.decoding_policy.seed_limit, controls)
    after, alone = (_log_probabilities(context, sequences) for context in (song.context, beginning))
    return after - alone + PRIOR_WEIGHT * after


def _log_probabilities(context: Context, sequences: Sequence[Sequence[int]]) -> npt.NDArray[np.float64]:
    rows = context.with_faster_model().rows(len(sequences))
    return np.array([float(log_p.sum()) for log_p in rows.token_log_probabilities(sequences)])
