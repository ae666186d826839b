"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

writing      the way in: text as it comes, or the whole Lyric, freely or to measure

What flows:
lyric        a Lyric of GeneratedLines, and the settings that write it again
constraints  what a line must do: rhyme, syllables, words in and out; violations: what it lacks
form         the plan of a song, section by section: typed, or the measure of a verse
context      what the model has read so far

How a token is drawn:
sampler      the contract, and truncation: temperature, top-k, top-p, min-p, repetition penalty; mirostat: another one
sampling     what may be asked of them, by name
policy       the numbers of each kind of units

Token by token, and line by line:
free_decoding, constrained_decoding
search/      constraint_index (endings, orthography, originality), built once for a run and its corpus; candidates and
             line_search: many ways to end a line; line_lattice: lines that hold given words; selection: the next line
revision/    beside a writer: revision, gap_filling, own_line
style/       style and theme, speaker, word_bonus (what a token gains by leading to a word), pairs of words that do not
             go together
"""
