"""Words that may stand in the place of one: near it in the corpus, of its syllables, of its rhyme at a line's end."""

from pipeline.analysis.word_vectors import WordVectors
from pipeline.generation.revision.own_line import in_the_spelling_of
from pipeline.language.pronunciations import Pronunciations
from pipeline.language.rhyme import compare
from pipeline.language.syllables import scan_line
from pipeline.language.tokens import tokenise

LOOKED_AT = 2000  # words, the nearest
MOST = 12


def word_alternatives(line: str, at: int, vectors: WordVectors, sounds: Pronunciations) -> list[tuple[str, str]]:
    """Return (word, the line with it) for the word of this number of a line, the nearest first; possibly none.

    The line keeps its syllables; at its end a word rhymes with the one it replaces by two sounds at least.
    """
    words = tokenise(line)
    syllables, last = scan_line(line, sounds).syllables.spoken, at == len(words) - 1
    found = list[tuple[str, str]]()
    for word, _ in vectors.nearest(words[at : at + 1], LOOKED_AT):
        if word == words[at] or word not in sounds or sounds[word].syllables != sounds[words[at]].syllables:
            continue
        text = in_the_spelling_of(line, [*words[:at], word, *words[at + 1 :]])
        rhymes = not last or compare(words[at], word, sounds).kind in ("suffisante", "riche", "leonine")
        if rhymes and scan_line(text, sounds).syllables.spoken == syllables:
            found.append((word, text))
        if len(found) == MOST:
            break
    return found


def replaceable_words(line: str, vectors: WordVectors) -> dict[int, str]:
    """Return the words of a line that have a vector: number -> word."""
    known = set(vectors.words)
    return {at: word for at, word in enumerate(tokenise(line)) if word in known}
