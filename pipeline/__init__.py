"""From raw lyrics to statistics, trained models and new verses.

The way through, each room a package:

    language     French as rap writes and says it: tokens, vocabularies, phones, syllables, rhymes
    corpus       raw lyrics -> Corpus: songs, sections, lines and tokens as columns
    analysis     Corpus -> DataFrames: one family of measures a file
    cells        the RNN, LSTM and GRU equations in NumPy; replays trained networks
    networks     the same networks in Keras, to train them
    training     windows, fitting, run folders, evaluation, n-gram baselines
    generation   a seed -> lyrics

Imports go downwards only: generation > training > networks > cells, analysis > corpus > language.
`python -m pipeline --help` lists the commands, which are the same functions.
"""
