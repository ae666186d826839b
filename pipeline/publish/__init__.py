"""A corpus as files that other tools read, a report of what is selected, and pictures to share.

Files: `prepare` reads them back with the same words, songs and sections
    export_formats  the list of formats: name -> what writes it
    songs           what every format writes of a song, its metadata and its text; plain text, IRaMuTeQ, TEI, CoNLL-U
    tables          token table (CSV, Parquet) · quanteda's CSV · JSON lines · document-term matrix (Matrix Market)
    html_report     a report as one page that opens alone
Cards: paper, ink, one accent, and the sixteen bars; no browser, no other host, no font of the machine
    theme           the colours of the app
    canvas          text as outlines, shapes, the page with its head and foot; SVG, and PNG from it
    cards           a few lines with their rhymes in colour; a song: its sections, its figures, its densest lines; a
                    voice: its ranks, its words, its rhymes
    chart_card      a table as bars, dots with intervals or lines over the years

In files words stand as they are: these are data for programs. (Tables of the pages, which a spreadsheet may open, are
guarded against formulas by `to_csv`.)
"""
