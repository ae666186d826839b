"""From raw lyrics to statistics, trained models and new verses.

The way through, each room a package:

    language         French as rap writes and says it: tokens, vocabularies, phones, syllables, rhymes
    corpus           raw lyrics -> Corpus: songs, sections, lines and tokens as columns
    analysis         Corpus -> DataFrames: words, comparison, sound, worlds
    cells            the equations of recurrent networks in NumPy; replays trained ones
    networks         the same networks in Keras, to train them
    language_models  the next token: n-grams, caches, mixtures
    runs             the folder of a trained model
    generation       a model and a seed -> lyrics
    publish          a corpus as files, a report, pictures to share
    writers          processes that write for everybody
    training         windows, fitting, the whole way from a corpus to a run, and its bits a character
    learn            the six architectures of the Learn pages; every numeric claim about the cells
    commands         what `python -m pipeline` does

Imports go downwards only: docs/architecture.md and the contracts of pyproject.toml.
`python -m pipeline --help` lists the commands, which are the same functions.

In a notebook all measures stand under one name; docs/notebook_api.md lists them:

    import pipeline as seize

    corpus = seize.load("demo").where(years=(2000, 2010))
    seize.diversity_ranking(corpus, "mattr_50")

Importing it imports none of the rooms: `MODULE_BY_NOTEBOOK_NAME` says where each name lives, and it is opened when it
is asked for.
"""

import sys
from importlib import import_module
from typing import Any

# heading of the documentation -> module -> the names that it has
NOTEBOOK_NAMES_BY_HEADING = {
    "Corpora": {
        "corpus.prepare": "load prepare",
        "corpus.store": "list_corpora",
        "corpus.table": "Corpus",
        "analysis.variants": "expand_repeats each_line_once solo_subcorpus lemmatise lemma standard_word",
        "language.tokens": "tokenise",
    },
    "What there is": {
        "analysis.words.lexicon": (
            "key_figures songs_per_year artist_sizes lexicon_size frequency_table character_distribution"
        ),
        "analysis.findings": "striking_findings",
        "analysis.lines": "line_length_summary line_length_distribution",
        "analysis.words.laws": "fit_zipf rank_frequency vocabulary_growth_curve",
        "analysis.words.word_classes": "word_class_rates words_of_class function_words",
    },
    "How rich a vocabulary is": {
        "analysis.words.rankings": "diversity_ranking diversity_table MEASURES GroupedTokens",
        "analysis.words.moving_windows": "types_in_first_words",
        "analysis.words.diversity": "rarefaction frequency_spectrum",
        "analysis.counting": "word_counts",
    },
    "What sets apart, what brings together": {
        "analysis.comparison.keyness": "keyness keyness_of_groups keyness_against_french",
        "analysis.comparison.similarity": (
            "similarity_map nearest_groups group_word_counts labbe_distances cosine_similarities"
        ),
        "analysis.comparison.correspondence": (
            "word_group_biplot confidence_ellipses correspondence_analysis CorrespondenceAnalysis"
        ),
        "analysis.comparison.reuse": "shared_phrases rank_shared_phrases reuse_graph",
        "analysis.comparison.stylometry": "delta_to_artists attribution_accuracy rolling_delta",
        "analysis.worlds.lexical_worlds": "find_worlds Worlds",
        "analysis.worlds.class_agreement": "adjusted_rand_index agreement_by_k propose_class_count",
    },
    "Words in company and in time": {
        "analysis.words.concordance": "concordance Concordance",
        "analysis.lines": "lines_with_word line_details_table",
        "analysis.words.collocations": "collocates collocations",
        "analysis.words.code_switching": "switching_lines switching_table",
        "analysis.words.names": "find_names name_table name_network",
        "analysis.words.word_sketch": "word_sketch sketch_difference similitude",
        "analysis.words.ngrams": "ngram_table phrase_table",
        "analysis.words.timeline": "query_timeline first_uses adoption_by_artist",
        "analysis.words.tone": "tone_table lines_by_tone read_lexicon",
    },
    "How songs are built": {
        "analysis.words.structure": (
            "section_kind_shares section_table couplet_length_distribution song_forms repetition_by_group "
            "song_repetition songs_with_single_line_sections"
        )
    },
    "How it sounds": {
        "analysis.sound.phonetic_table": ("phonetic_table pronunciations vowel_counts vowel_frequencies"),
        "analysis.sound.rhymes": (
            "rhyme_density rhyme_table syllable_table lines_with_longest_rhymes scheme_frequencies"
        ),
        "language.scansion": "compare_rhyme",
        "analysis.sound.rhyming_dictionary": "RhymeFilter rhymes_of_text mosaic_rhymes",
        "analysis.sound.flow": (
            "timed_line_table syllable_rate_table estimate_bar_seconds syllable_start_times "
            "timed_syllables_by_bar_step text_syllables_by_bar_step"
        ),
    },
    "An artist, files, new lines": {
        "analysis.portrait": "artist_portrait ArtistPortrait",
        "publish": "export_corpus",
        "publish.tables": "to_csv to_graphml",
        "runs.run": "list_runs load_run",
        "generation.writing": "write_lyric",
        "generation.lyric": "Lyric LyricSettings",
        "generation.constraints": "Constraints",
        "generation.search.constraint_index": "constraint_index",
    },
}
MODULE_BY_NOTEBOOK_NAME = {
    name: module
    for modules in NOTEBOOK_NAMES_BY_HEADING.values()
    for module, names in modules.items()
    for name in names.split()
}


def __getattr__(name: str) -> Any:
    """Return what `MODULE_BY_NOTEBOOK_NAME` names, imported now."""
    if name not in MODULE_BY_NOTEBOOK_NAME:
        raise AttributeError(f"module 'pipeline' has no attribute {name!r}", name=name, obj=sys.modules[__name__])
    value = getattr(import_module(f"pipeline.{MODULE_BY_NOTEBOOK_NAME[name]}"), name)
    if callable(value) and not isinstance(value, type):
        value = import_module("pipeline.core.arguments").check_arguments(value)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *MODULE_BY_NOTEBOOK_NAME})
