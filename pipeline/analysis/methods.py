"""Every measure with its definition, formula and source, and a reference value that it computes again, live.

A Methods page lists `METHODS` and shows `measure.reference.check()` for each: what the field prints, what this code
gives now. A module with measures is a name in the list below; their records stand in the module.
"""

from pipeline.analysis import intervals
from pipeline.analysis.comparison import association, keyness, similarity
from pipeline.analysis.measures import Measure
from pipeline.analysis.sound import rhyme_factor, rhymes
from pipeline.analysis.words import collocations, diversity, laws, lexicon, moving_windows, mtld, structure

_MODULES = (
    *(lexicon, diversity, moving_windows, mtld, laws, association, keyness, collocations, similarity, structure),
    *(rhymes, rhyme_factor, intervals),
)
METHODS: tuple[Measure, ...] = tuple(measure for module in _MODULES for measure in module.MEASURES)
