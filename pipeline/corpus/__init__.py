"""Raw lyrics in, a columnar Corpus out.

song        what everything is made of: Song > Section > Line
raw         what a reader yields: a RawSong, or a Skip that says why not
readers     files, tables, JSON and zips -> RawSongs
cleaning    named rules that mend what scrapes do to text and metadata
tags        the spellings of section tags
markup      section tags, ad-libs and repeat marks -> Sections
languages   the language of each section
compose     RawSong -> Song -> Columns
build       Songs -> Columns -> Corpus
shards      a shard of a source -> a Partial: what runs on workers
map_shards, workers, work_folder  shards cut, composed anywhere, and where they leave their text
cluster     a Dask scheduler as the Executor of all this
merge       Partials -> one source, whatever its shards were
duplicates  songs that are there more than once
write_merged  what is kept of it -> the files of a corpus
pronounce   how its words sound, spread over workers
table       the Corpus: songs, sections, lines and tokens as columns
describe    what it says of itself in a console and in a notebook
store, arrow_files  saving and loading, whole or not at all; memory-mapped tables
tally       what each cleaning rule did
report      what became of a source
preview     a first look at a source
prepare     the whole way
"""
