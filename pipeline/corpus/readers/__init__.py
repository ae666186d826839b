"""Where raw lyrics come from: each module of a format turns the bytes of a file into RawSongs.

blobs      folders, single files and zips as a list of named bytes
decoding   bytes -> text, whatever their encoding
columns    which column or key holds what
text       a text file with one song, front matter or not
glued      a text file with all songs of an artist
table      the columns and rows of a table; CSV and TSV
lyric_cells  what of a row is lyrics
tabular    tables of any kind, one song a row: Parquet and Arrow too
spreadsheet  XLSX, XLS and ODS
song_lines one song a line, its line breaks written as a mark
nested     JSON and JSONL
json_values  values as they come, lyrics as lists
pages      HTML saved from lyrics sites
timed      .lrc, .srt and .vtt
compressed gzip, xz and bzip2
names      what the names of files and folders say
sidecar    a table of metadata beside text files
formats    recognises what a source is, and reads it
"""
