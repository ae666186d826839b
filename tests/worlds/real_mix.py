"""What sets a real collection apart from a world, put into drawn songs: `make_world(…, real=True)`.

Of 19 MB each, beside the world F: sections inferred 22,890 (4,851), not French 2,792 (166), types 120,219 (84,617), raw
lines distinct 78 % (64 %). 27 % of the types stand in foreign sections alone, so that lines of these are made of
function words of their language and invented ones.
"""

from functools import cache
from pathlib import Path
from random import Random

from .material import invented_word, new_line
from .rates import MOST_INVENTED
from .songs import Part, Row, WorldSong

UNTAGGED = 0.4  # songs without tags
FOREIGN = 0.55  # foreign sections a song
VARIED = 0.75  # lines of later refrains that are not those of the first to the letter
RARE = 0.6  # lines that get one more word
_LISTS = Path(__file__).resolve().parents[2] / "data" / "lexicons" / "languages.tsv"


@cache
def function_words() -> dict[str, list[str]]:
    """Language -> its function words."""
    rows = [row.split("\t") for row in _LISTS.read_text("utf-8").splitlines()[1:]]
    return {language: words.split() for language, _, words in rows}


def make_real(song: WorldSong, random: Random) -> None:
    """Vary the lines of a song, and give it foreign sections and no tags at the rates above."""
    seen: set[str] = set()
    for part in song.parts:
        for row in part.rows:
            repeated = row.lyric in seen
            if row.lyric == row.written and random.random() < (VARIED if repeated else RARE) and not part.named:
                row.written = row.lyric = new_line(row.lyric, random)
            seen.add(row.lyric)
    if random.random() < FOREIGN:
        language = random.choice(list(function_words()))
        rows = [Row.sung(_foreign_line(language, random)) for _ in range(random.randint(4, 12))]
        song.parts.insert(random.randrange(1, len(song.parts) + 1), Part("couplet", rows, language=language))
    if random.random() < UNTAGGED:
        for part in song.parts:
            part.tag, part.named = "", False


def _foreign_line(language: str, random: Random) -> str:
    words = random.choices(function_words()[language], k=random.randint(3, 6))
    for _ in range(random.randint(2, 5)):
        word = invented_word(int(MOST_INVENTED ** random.random()) - 1)
        words.insert(random.randrange(len(words) + 1), word)
    return " ".join(words).capitalize()
