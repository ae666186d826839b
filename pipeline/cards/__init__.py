"""Pictures to share: paper, ink, one accent, and the sixteen bars. SVG with text as outlines, and PNG from it.

theme       the colours of the app
outlines    text in the app's typefaces, as outlines
canvas      what a card is drawn on: its shapes, its page, its foot
verse_card  a few lines with their rhymes in colour
png         an SVG as PNG

No browser, no other host, no font on the machine that looks at them.
"""
