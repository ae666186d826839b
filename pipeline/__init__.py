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
"""
