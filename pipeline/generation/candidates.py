"""Many ways to go on to the end of one line, written together and ranked by the model.

Rows are drawn from the model, a batch at a time, never allowed to end. Wherever a row has come so far that one more
word can complete the line, that place is kept; from all such places the best allowed last words are then searched
for together, by beam search in a trie of the words that may end the line. So a rhyme is not hoped for and not glued
on: among thousands of pairs (beginning, last word) the ones the model finds likeliest are read off its own
probabilities. Knows nothing of songs; what is asked of the line are its `LineConstraints`.
"""

from pipeline.generation.last_words import Candidate, LastWords
from pipeline.generation.line_beginnings import LineBeginnings
from pipeline.generation.line_search import LineSearch

PLACES = 160  # where a last word is searched for, at most, in one batch


def find_candidates(search: LineSearch, batch: int) -> list[Candidate]:
    """Return lines that meet the constraints as far as steering can, from a batch of so many rows; possibly none."""
    places = list(LineBeginnings(search).places(batch))
    if len(places) > PLACES:
        places = [places[i] for i in sorted(search.rng.choice(len(places), PLACES, replace=False))]
    return LastWords(search, places).candidates() if places else []
