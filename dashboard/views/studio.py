"""Where a text of one's own is made: a model writes it, line by line, or it is pasted."""

from dashboard.navigation import draw_part
from dashboard.views.lines import draw_lines
from dashboard.views.verse import draw_verse
from dashboard.views.write import draw_write

draw_part(write=draw_write, lines=draw_lines, verse=draw_verse)
