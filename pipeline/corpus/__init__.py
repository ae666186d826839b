"""Raw lyrics in, a columnar Corpus out.

song        what everything is made of: RawSong as read, Song > Section > Line as marked up, SkippedItem
readers     files, tables, JSON, pages and zips -> RawSongs
cleaning    named rules that mend what scrapes do to text and metadata
tags        the spellings of section tags
markup      section tags, ad-libs and repeat marks -> Sections
structure   stanzas and their kinds where no tag says them
languages   the language of each section
compose     RawSong -> Song -> Columns -> the frames of a corpus, and what became of each
shards      a source -> shards, composed anywhere -> one corpus on the disk, whatever the shards were
artist_names  names as read, and those that are one artist's
duplicates  songs that are there more than once
facets      what a source says of its songs besides title, artist, album, year and guests
table       the Corpus: songs, sections, lines and tokens as columns
store       saving and loading, whole or not at all
arrow_files tables as memory-mapped Arrow files, and the folder where shards leave theirs
layers      how its words sound and what they are, stored beside a corpus
account     what was read = what was kept + what each rule dropped
report      what became of a source, as text, JSON and HTML, with a data statement
preview     a first look at a source
prepare     the whole way; its workers are forked from what `preloaded` imports
"""
