"""Raw lyrics in, a columnar Corpus out.

song        what everything is made of: Song > Section > Line
raw         what a reader yields: a RawSong, or a Skip that says why not
readers     files, tables, JSON and zips -> RawSongs
cleaning    named rules that mend what scrapes do to text and metadata
tags        the spellings of section tags
markup      section tags, ad-libs and repeat marks -> Sections
languages   the language of each section
compose     RawSong -> Song -> Columns: what runs in worker processes
build       Songs -> Columns -> Corpus
duplicates  songs that are there more than once
table       the Corpus: songs, sections, lines and tokens as columns
store       saving and loading, whole or not at all
tally       what each cleaning rule did
report      what became of a source
preview     a first look at a source
prepare     the whole way
"""
