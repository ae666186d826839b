"""Where raw lyrics come from: the bytes of files -> RawSongs, what was passed over, and an account of each file.

sources     recognises what a source is, and has each file read by a reader
reader_contract  what a reader is; a module below that holds one is found by itself
blobs       folders, single files, zips and addresses as a list of named bytes
names       what the names of files and folders say
text        bytes -> text; a text file with one song, front matter or not
glued       a text file with all songs of an artist
border_signs, song_borders  where these begin when nothing says so
columns     which column or key holds what
song_tables tables of any kind, one song a row
delimited   CSV and TSV; one song a line, its line breaks written as a mark
arrow       Parquet, Arrow files and streams
spreadsheet XLSX, XLS and ODS
sidecar     a table of metadata beside text files
nested      JSON and JSONL
saved_pages HTML saved from lyrics sites
timed       .lrc, .srt and .vtt
annotated   IRaMuTeQ, CoNLL-U, TEI, tables of a token a row
"""
