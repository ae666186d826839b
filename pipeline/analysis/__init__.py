"""Corpus in, numbers and tidy DataFrames out: every statistic is a function, one family a file.

Foundations of the others
    counting       words by song, artist, year or section kind, as sparse matrices; positions of each word
    lines          line ids -> text, title, artist, year, section kind; lines that hold a word
    variants       as written, as performed, each line once, solo sections: Corpus -> Corpus
    lemmas         the same corpus in dictionary forms
    query          what a person types to search for, and the places it matches
    intervals      jackknife over songs, Wilson, ranks that overlap
What a corpus is made of
    overview · lexicon · laws (Zipf-Mandelbrot, Heaps) · first_encounters (words that a song brings) ·
    words_per_line
    structure · repetition
    word_classes (verlan, argot, loans)
How rich its language is
    diversity (from counts) · moving_windows (MATTR, MSTTR) · mtld
    rankings (tables and orders with intervals) · grouped_tokens · leave_one_out
What sets subcorpora apart or together
    keyness · association (the scores) · dispersion · similarity · correspondence (AFC)
    reinert (descending classification) · lexical_worlds (classes of segments) · double_classification · topics ·
    class_methods (any of them by name)
    text_segments (lines to segments) · reuse (runs of words that artists share) · stylometry (Burrows' Delta)
Words in company and in time
    concordance · ngrams · collocations · timeline
How it sounds
    phonetic_table · rhymes · rhyme_schemes · rhyme_factor · vowels · rhyme_density (in one call)
    density_rank (a verse beside the sections of a corpus)
For pages
    findings, line_findings (what one would tell a friend) · portrait (of one artist)
    precomputed (what pages ask first: stored beside a large corpus) · phrases (n-grams as they are read)
    methods (every definition with its reference value, live, from method_examples)
    export (cells that no spreadsheet runs)

Word counts are over the lyrics layer, ad-libs apart, unless `layer` says otherwise. Nothing here caches or draws.
"""
