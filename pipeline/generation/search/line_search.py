"""The search for lines: many ways to go on to the end of one, written together and ranked by the model.

Rows are drawn from the model, a batch at a time, never allowed to end. Wherever a row has come so far that one more
word can complete the line, that prefix is kept; from all such prefixes the best allowed last words are then found
together (`last_words`). Rows of several searches, which begin and end elsewhere, go through the model as one batch.

A model that read the last word of a line beforehand may end the line by itself instead (`draw_whole_lines`).

Where a hole of a template may end, the words that were given after it are written by force; the last hole before
given words ends where the line then has its syllables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.generation.context import ContextBatch, concatenate_batches
from pipeline.generation.search.last_words import LINE_OPENING_TOKENS, Candidate, LastWordSearch, LinePrefix
from pipeline.generation.search.unfinished_line import ONE_HOLE, LineSearch, UnfinishedLine, draw_next_tokens
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import LINE

FORCED_PHRASE_PROBABILITY = 0.25  # chance, at the beginning of a word, that a phrase to use is put there
MAX_PREFIXES = 160  # where a last word is searched for, at most, in one batch
MAX_WORDS_PER_HOLE = 5
HOLE_END_PROBABILITY = 0.5  # chance that a hole ends where it may, when another hole comes after it


def find_candidates(searches: Sequence[LineSearch], rows_each: int) -> list[Candidate]:
    """Return lines, possibly none, that meet the constraints enforced during writing, in the order of their searches.
    Each search samples `rows_each` beginnings."""
    prefixes, candidates = list[LinePrefix](), list[tuple[LineSearch, Candidate]]()
    for found in _write_rows(searches, rows_each):
        if isinstance(found, LinePrefix):
            prefixes.append(found)
        else:
            candidates.append(found)
    if len(prefixes) > MAX_PREFIXES and searches[0].template == ONE_HOLE:  # few lines fill a template
        prefixes = [prefixes[i] for i in sorted(searches[0].rng.choice(len(prefixes), MAX_PREFIXES, replace=False))]
    candidates += LastWordSearch(prefixes).candidates() if prefixes else []
    return [line for each in searches for search, line in candidates if search is each]


def draw_whole_lines(searches: Sequence[LineSearch], rows_each: int) -> list[Candidate]:
    """Sample `rows_each` lines per search from a model conditioned on an end word. Return those that it ends on that
    word with an allowed number of syllables; possibly none."""
    rows, read = _begin_lines(searches, rows_each)
    first, candidates = searches[0], list[Candidate]()
    for step in range(first.index.decoding_policy.line_limit):
        sampling = first.opening if step < LINE_OPENING_TOKENS else first.sampling
        mask = first.mask_allowing_line_end if step else first.forbidden_token_mask
        read = draw_next_tokens(rows, read, sampling, mask, spelled=False)
        candidates += filter(None, map(_whole_line, (row for row in rows if row.tokens[-1] == LINE)))
        going = [at for at, row in enumerate(rows) if row.tokens[-1] != LINE and _is_within_syllable_limit(row)]
        if not going:
            break
        if len(going) < len(rows):
            rows, read = [rows[at] for at in going], read.select_rows(going)
    return candidates


def _begin_lines(searches: Sequence[LineSearch], rows_each: int) -> tuple[list[UnfinishedLine], ContextBatch]:
    """Return `rows_each` empty lines per search, and the model's predictions before their first tokens."""
    rows = [UnfinishedLine.from_search(search) for search in searches for _ in range(rows_each)]
    return rows, concatenate_batches([search.context.rows(rows_each) for search in searches])


def _whole_line(row: UnfinishedLine) -> Candidate | None:
    """Return a finished row as a candidate, or None if its end word, syllables or spelling are wrong."""
    search, index, text = row.search, row.search.index, row.text.rstrip()
    words, (fewest, most) = tokenise(text), search.constraints.syllables
    if words[-1:] != [search.end_word] or search.end_word in words[:-1]:
        return None
    if not index.accepted_words.issuperset(words) or not index.avoided_word_pairs.isdisjoint(pairwise(words)):
        return None
    if not fewest <= index.spoken_syllables(text) <= most:
        return None
    return Candidate(text, row.tokens, row.weight, row.log_p, search.end_tokens, search.end_word_log_p)


def _is_within_syllable_limit(row: UnfinishedLine) -> bool:
    """Return whether the complete words of a row have no more syllables than its line may have."""
    index = row.search.index
    return not index.modelling_units.begins_word(row.text) or (
        index.spoken_syllables(row.text) <= row.search.constraints.syllables[1]
    )


def _write_rows(searches: Sequence[LineSearch], rows_each: int) -> Iterator[LinePrefix | tuple[LineSearch, Candidate]]:
    """Sample `rows_each` unfinished lines per search, token by token. Yield each prefix that one more word may end, and
    (search, candidate) for each filled template."""
    first, (rows, read) = searches[0], _begin_lines(searches, rows_each)
    for step in range(first.index.decoding_policy.line_limit):
        going = list[int]()
        for at, row in enumerate(rows):
            if row.hole_start is None and not row.forced and not row.to_come:
                line = Candidate(row.finished_text(), (*row.tokens, LINE), sum(row.log_p), row.log_p)
                yield row.search, line
                continue
            if (prefix := _prepare_next_token(row, read, at)) is None:
                continue
            going.append(at)
            if isinstance(prefix, LinePrefix):
                yield prefix
        if not going:
            return
        if len(going) < len(rows):
            rows, read = [rows[at] for at in going], read.select_rows(going)
        sampling = first.opening if step < LINE_OPENING_TOKENS else first.sampling
        read = draw_next_tokens(rows, read, sampling, first.forbidden_token_mask)


def _prepare_next_token(row: UnfinishedLine, read: ContextBatch, at: int) -> LinePrefix | bool | None:
    """Prepare a row for its next token. Return a `LinePrefix` if the next word may end the line, True if not, and None
    if the row must be given up."""
    search = row.search
    if row.forced:
        return True
    if row.hole_start is None:
        row.begin_template_hole()
    begins = search.index.modelling_units.begins_word(row.text)
    if row.tokens and not begins:
        return True
    room = search.last_word_syllable_range(row.text, checked=len(row.text) > (row.hole_start or 0))
    if room is None or (search.template != ONE_HOLE and len(row.hole_words) > MAX_WORDS_PER_HOLE):
        return None
    if row.to_come:
        return _end_template_hole(row)
    if begins and row.lacks_phrase() and search.rng.random() < FORCED_PHRASE_PROBABILITY:
        row.force_phrase()
    if begins and room[0] <= room[1] and (endings := search.allowed_endings(row.text)):
        return LinePrefix(replace(row), endings, read, at, room)
    return True


def _end_template_hole(row: UnfinishedLine) -> bool | None:
    """End the template hole that a row is filling, if it may end here. Return None if the line is too long, or True."""
    search, (fewest, most) = row.search, row.search.constraints.syllables
    sounds = search.index.pronunciations
    given = sum(sounds[word].syllables for word in row.to_come if word is not None)
    syllables = search.index.spoken_syllables(row.text) + given
    if syllables > most:
        return None
    is_last = None not in row.to_come
    if row.hole_words and (syllables >= fewest if is_last else search.rng.random() < HOLE_END_PROBABILITY):
        row.write_given_words()
    return True
