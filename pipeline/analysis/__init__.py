"""Corpus in, numbers and tidy DataFrames out: every statistic is a function, one family a file.

Tables that the others stand on
    counting       words by song, artist, year or section kind, as sparse matrices; positions of each word
    lines          line ids -> text, title, artist, year, section kind; lines that hold a word
What a corpus is made of
    overview       key figures, songs a year, voices
    lexicon        size, frequencies, Zipf-Mandelbrot, growth, characters a word
    verses         words a line
How it sounds
    line_sounds    syllables, rhyme key, rhymed syllables of every line: the table of the two below
    rhymes         density, rhymed lines, schemes, syllables, vowels, with intervals over songs
    rhyme_factor   Malmi's measure on French phones

Word counts are over the lyrics layer, ad-libs apart, unless `layer` says otherwise. Nothing here caches or draws.
"""
