"""Where raw lyrics come from: one module a family of formats, each yielding RawSongs.

formats    recognises what a source is and names the reader of it
decoding   bytes -> text, whatever their encoding
folder     a tree of text files, one song each
tabular    CSV and its relatives, one song a row
"""
