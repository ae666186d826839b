"""Raw lyrics in, a columnar Corpus out.

song       what a reader yields: Song > Section > Line
markup     section tags, ad-libs and repeat marks -> Sections
readers    folders and tables of raw lyrics -> Songs
table      Songs -> Corpus: songs, sections, lines and tokens as columns; saving and loading
prepare    the whole way, with a quality report
"""
