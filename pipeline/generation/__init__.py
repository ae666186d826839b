"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

writing      the way in: text as it comes, or the whole Lyric, freely or to measure

What flows:
lyric        a Lyric of GeneratedLines, and the settings that write it again
constraints  what a line must do: rhyme, syllables, words in and out; and what it lacks
form         the plan of a song, section by section: typed, or the measure of a verse
context      what the model has read so far

How a token is drawn:
sampling     the contract of samplers, truncation (temperature, top-k, top-p, min-p, repetition penalty) and mirostat
policy       the numbers of each kind of units
style        voice, section, year and theme; line_bonus: what a token gains by a theme, and by who speaks

Token by token, and line by line:
free_decoding, constrained_decoding
search/      constraint_index (endings, orthography, originality, pairs), built once for a run and its corpus;
             line_search: many ways to end a line; line_lattice: lines that hold given words; selection: the next line,
             or the next two
own_line, revision   lines beside a writer's own: revised, with holes filled, between two others
partner      lines of a local server
"""
