"""Corpus in, numbers and tidy DataFrames out: every statistic is a function, one family a file.

words · comparison · sound · worlds    the families, each a room with a tour of its own

Foundations
    counting     words by song, artist, year or section kind, as sparse matrices; positions of each word
    lines        line ids -> text, title, artist, year, section kind; lines that hold a word; how many words lines have
    variants     as written, as performed, each line once, solo sections, in dictionary forms: Corpus -> Corpus
    intervals    jackknife over songs, Wilson, ranks that overlap
    measures     one record a measure: definition, formula, source, reference value, how groups are ranked by it
    methods      all of them, each computed again, live; and what `prepare` computes beforehand
For pages
    findings     what one would tell a friend
    portrait     of one artist
    precomputed  what pages ask first: stored beside a large corpus

Word counts are over the lyrics layer, ad-libs apart, unless `layer` says otherwise. Nothing here caches or draws.
"""
