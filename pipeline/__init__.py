"""From raw lyrics to statistics, trained models and new verses.

The way through, each room a package:

    language         French as rap writes and says it: tokens, vocabularies, phones, syllables, rhymes
    corpus           raw lyrics -> Corpus: songs, sections, lines and tokens as columns
    analysis         Corpus -> DataFrames: one family of measures a file
    cells            the equations of recurrent networks in NumPy; replays trained ones
    networks         the same networks in Keras, to train them
    language_models  the next token: n-grams, caches, mixtures
    runs             the folder of a trained model
    generation       a model and a seed -> lyrics
    evaluation       bits a character and what follows from them
    training         windows, fitting, the whole way from a corpus to a run
    teaching         the six architectures of the Learn pages
    verify           every numeric claim about the cells

Imports go downwards only: docs/architecture.md and the contracts of pyproject.toml.
`python -m pipeline --help` lists the commands, which are the same functions.

In a notebook all measures stand under one name; docs/notebook_api.md lists them:

    import pipeline as seize

    corpus = seize.load("demo").where(years=(2000, 2010))
    seize.diversity_ranking(corpus, "mattr_50")

Importing it imports none of the rooms: `NOTEBOOK` says where each name lives, and it is opened when it is asked for.
"""

import sys
from importlib import import_module
from typing import Any

# heading of the documentation -> name -> the module that it lives in
NOTEBOOK_GROUPS = {
    "Corpora": {
        "load": "corpus.prepare",
        "prepare": "corpus.prepare",
        "list_corpora": "corpus.store",
        "Corpus": "corpus.table",
        "as_performed": "analysis.variants",
        "each_line_once": "analysis.variants",
        "solo": "analysis.variants",
        "lemmatise": "analysis.lemmas",
        "tokenise": "language.tokens",
    },
    "What there is": {
        "key_figures": "analysis.overview",
        "songs_per_year": "analysis.overview",
        "voices": "analysis.overview",
        "findings": "analysis.findings",
        "lexicon_size": "analysis.lexicon",
        "frequency_table": "analysis.lexicon",
        "character_distribution": "analysis.lexicon",
        "length_summary": "analysis.words_per_line",
        "length_distribution": "analysis.words_per_line",
        "fit_zipf": "analysis.laws",
        "rank_frequency": "analysis.laws",
        "growth_curve": "analysis.laws",
        "fit_heaps": "analysis.laws",
        "class_rates": "analysis.word_classes",
        "class_words": "analysis.word_classes",
        "function_words": "analysis.word_classes",
    },
    "How rich a vocabulary is": {
        "diversity_ranking": "analysis.rankings",
        "diversity_table": "analysis.rankings",
        "MEASURES": "analysis.rankings",
        "first_words": "analysis.moving_windows",
        "rarefaction": "analysis.diversity",
        "spectrum": "analysis.diversity",
        "GroupedTokens": "analysis.grouped_tokens",
        "word_counts": "analysis.counting",
    },
    "What sets apart, what brings together": {
        "keyness": "analysis.keyness",
        "keyness_of_groups": "analysis.keyness",
        "dispersion_table": "analysis.dispersion",
        "similarity_map": "analysis.similarity",
        "neighbours": "analysis.similarity",
        "profiles": "analysis.similarity",
        "labbe": "analysis.similarity",
        "cosine": "analysis.similarity",
        "words_and_groups": "analysis.words_and_groups",
        "correspondence_analysis": "analysis.correspondence",
        "CorrespondenceAnalysis": "analysis.correspondence",
        "find_worlds": "analysis.lexical_worlds",
        "Worlds": "analysis.lexical_worlds",
        "stability": "analysis.lexical_worlds",
        "find_double_worlds": "analysis.double_worlds",
        "stability_over_k": "analysis.double_worlds",
        "labbe_separation": "analysis.world_figures",
        "mutual_information": "analysis.world_figures",
        "find_topics": "analysis.topics",
        "shared_runs": "analysis.reuse",
        "reuse_graph": "analysis.reuse",
        "delta_to_artists": "analysis.stylometry",
        "attribution": "analysis.stylometry",
    },
    "Words in company and in time": {
        "concordance": "analysis.concordance",
        "Concordance": "analysis.concordance",
        "lines_with_word": "analysis.lines",
        "describe_lines": "analysis.lines",
        "collocates": "analysis.collocations",
        "collocations": "analysis.collocations",
        "word_sketch": "analysis.word_sketch",
        "sketch_difference": "analysis.word_sketch",
        "collocation_network": "analysis.collocation_network",
        "ngram_table": "analysis.ngrams",
        "phrase_table": "analysis.phrases",
        "timeline": "analysis.timeline",
        "tone_table": "analysis.tone",
        "toned_lines": "analysis.tone",
        "read_lexicon": "analysis.polarity",
        "first_uses": "analysis.timeline",
        "spread_by_artist": "analysis.timeline",
    },
    "How songs are built": {
        "kind_shares": "analysis.structure",
        "section_table": "analysis.structure",
        "couplet_lengths": "analysis.structure",
        "song_forms": "analysis.structure",
        "repetition_by": "analysis.repetition",
        "song_repetition": "analysis.repetition",
    },
    "How it sounds": {
        "rhyme_density": "analysis.rhyme_density",
        "phonetic_table": "analysis.rhyme_density",
        "pronunciations": "analysis.rhyme_density",
        "rhyme_table": "analysis.rhymes",
        "syllable_table": "analysis.rhymes",
        "longest_matches": "analysis.rhymes",
        "factor_table": "analysis.rhymes",
        "scheme_frequencies": "analysis.rhyme_schemes",
        "vowel_counts": "analysis.vowels",
        "vowel_palette": "analysis.vowels",
    },
    "An artist, files, new lines": {
        "portrait": "analysis.portrait",
        "Portrait": "analysis.portrait",
        "export_corpus": "exports.export_formats",
        "html_report": "exports.html_report",
        "to_csv": "analysis.export",
        "list_runs": "runs.run",
        "load_run": "runs.run",
        "write_lyric": "generation.writing",
        "Lyric": "generation.lyric",
        "WriteSettings": "generation.lyric",
        "Constraints": "generation.constraints",
        "constraint_index": "generation.search.constraint_index",
    },
}
NOTEBOOK = {name: module for names in NOTEBOOK_GROUPS.values() for name, module in names.items()}


def __getattr__(name: str) -> Any:
    """Return what `NOTEBOOK` names, imported now."""
    if name not in NOTEBOOK:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    value = getattr(import_module(f"pipeline.{NOTEBOOK[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *NOTEBOOK})
