"""What the next line of a text gains by words of the theme and by who speaks, freely written or to measure.

Who speaks is the person (je, tu, on) and, as what is lost by another, the gender and the tense of the section so far.
"""

from collections.abc import Sequence

from pipeline.generation.lyric import WriteSettings
from pipeline.generation.speaker import speaker_bonus
from pipeline.generation.speaker_gender import gender_penalty
from pipeline.generation.speaker_tense import tense_penalty
from pipeline.generation.word_bonus import WordBonus
from pipeline.generation.word_penalty import WordPenalty
from pipeline.language.tokens import tokenise
from pipeline.language.vocabulary import Vocabulary

LineBonus = WordBonus | WordPenalty


def line_bonuses(
    settings: WriteSettings, vocabulary: Vocabulary, lines: Sequence[str], section: Sequence[str]
) -> tuple[LineBonus, ...]:
    """Return the bonuses of a line after these lines, of which some are of its own section.

    Words of the theme that were used gain less.
    """
    found = list[LineBonus | None]()
    if settings.theme:
        found.append(settings.theme.bonus(vocabulary, {word for line in lines for word in tokenise(line)}))
    if settings.keep_person:
        found += [make(section, vocabulary) for make in (speaker_bonus, gender_penalty, tense_penalty)]
    return tuple(bonus for bonus in found if bonus)
