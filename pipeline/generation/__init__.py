"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

writing     the way in: text as it comes, or the whole Lyric, freely or to measure
decoding    the loop: for each place of a song a demand, a line of whoever proposes, and what explains it
line_tasks  lines for one place: the next, one between two others, one said otherwise, one with holes filled

What flows:
lyric        a Lyric of GeneratedLines, and the settings that write it again
constraints  what a line must do: rhyme, syllables, words in and out
form         the plan of a song, section by section: typed, or the measure of a verse
context      what the model has read so far; song: a song under way
training_text  the lines that a run learnt from, where it finds its rhymes and its copies
own_line     a line of the visitor's own, with its holes

How a token is drawn:
sampling     how one is drawn (`SamplingSettings`); policy: the limits and settings of each kind of units
style        voice, year and theme; word_bonus: what a token gains by leading to a word of a theme

Who has lines for a place in a song, one contract:
demand            what the line there is asked for, what a line lacks of it, and the contract of proposers
free_proposer     the run itself, where nothing is asked
network_proposer  the run itself, where something is: lines found by search in its own probabilities
centon            whole lines of songs, quoted; speakers: whether a line goes on with who speaks
partner/          a language model on one's own machine
search/           unfinished_line: a line while it is drawn; line_search: many at once, with holes; last_words: how they
                  end; constraint_index: what they are checked by (endings, trie, orthography, originality, pairs)
"""
