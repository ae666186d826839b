"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

writing      the way in: text as it comes, or the whole Lyric, freely or to measure

What flows:
lyric        a Lyric of GeneratedLines, and the settings that write it again
constraints  what a line must do: rhyme, syllables, words in and out
form         the plan of a song, section by section: typed, or the measure of a verse
context      what the model has read so far; song: a song under way
learnt_text  the lines that a run learnt from, where it finds its rhymes and its copies

How a token is drawn:
sampling     the contract of samplers, truncation (temperature, top-k, top-p, min-p, repetition penalty) and mirostat
policy       the numbers of each kind of units
style        voice, section, year and theme; word_bonus: what a token gains by leading to a word of a theme

Who has lines for a place in a song, one contract:
demand            what the line there is asked for, what a line lacks of it, and the contract of proposers
network_proposer  the run itself: lines found by search in its own probabilities
centon            whole lines of songs, quoted; speakers: whether a line goes on with who speaks
partner/          a language model on one's own machine
search/           what a run looks up, built once: constraint_index (endings, orthography, originality, pairs);
                  line_search: many ways to end a line; line_lattice: lines that hold given words

The loops:
free_decoding, constrained_decoding   token by token, and line by line
own_line, revision                    lines beside a writer's own: revised, with holes filled, between two others
"""
