"""Pictures to share: paper, ink, one accent, and the sixteen bars. SVG with text as outlines, and PNG from it.

theme       the colours of the app
outlines    text in the app's typefaces, as outlines
canvas      what a card is drawn on: its shapes, its page, its foot
blocks      what cards have in common: a head, a verse with its rhymes, figures in a row, words under a label
verse_card  a few lines with their rhymes in colour
song_card   a song: its sections, its figures, its densest lines
portrait_card  a voice: its ranks, its words, its rhymes
chart_card  a table as bars, dots with intervals or lines over the years
png         an SVG as PNG

No browser, no other host, no font on the machine that looks at them.
"""
