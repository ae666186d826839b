"""Where raw lyrics come from: each module of a format turns the bytes of a file into RawSongs.

blobs      folders, single files and zips as a list of named bytes
decoding   bytes -> text, whatever their encoding
columns    which column or key holds what
text       a text file with one song, front matter or not
glued      a text file with all songs of an artist
tabular    CSV, TSV and Parquet, one song a row
nested     JSON and JSONL
sidecar    a table of metadata beside text files
formats    recognises what a source is, and reads it
"""
