"""What the next line of a text gains by words of the theme and by who speaks, freely written or to measure."""

from collections.abc import Sequence

from pipeline.generation.lyric import WriteSettings
from pipeline.generation.speaker import speaker_bonus
from pipeline.generation.word_bonus import WordBonus
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary


def line_bonuses(
    settings: WriteSettings, vocabulary: Vocabulary, lines: Sequence[str], section: Sequence[str]
) -> tuple[WordBonus, ...]:
    """Return the bonuses of a line after these lines, of which some are of its own section.

    Words of the theme that were used gain less.
    """
    found = list[WordBonus | None]()
    if settings.theme:
        found.append(settings.theme.bonus(vocabulary, {word for line in lines for word in tokenise(line)}))
    if settings.keep_person:
        found.append(speaker_bonus(section, vocabulary))
    return tuple(bonus for bonus in found if bonus)
