"""A corpus as files that other tools read. What `prepare` reads back has the same words, songs and sections.

songs     what every format writes of a song: its metadata, its text with tags
tables    token table (CSV, Parquet) · quanteda's CSV · JSON lines
matrix    document-term matrix (Matrix Market)
texts     plain text by song · IRaMuTeQ
markup    TEI for TXM · CoNLL-U
formats   the list of formats: name -> what writes it

Words stand as they are: these are data files for programs. (Tables of the pages, which a spreadsheet may open, are
guarded against formulas by `analysis.export`.)
"""
