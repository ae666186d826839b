"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

writing      the way in: text as it comes, or the whole Lyric, freely or to measure

What flows:
lyric        a Lyric of GeneratedLines, and the settings that write it again
constraints  what a line must do: rhyme, syllables, words in and out; violations: what it lacks
form         the plan of a song, section by section
style        whose voice, which section, which year

Free decoding, token by token:
sampling     logits -> a token: temperature, top-k, top-p, min-p, repetition penalty
spelling     a seed as written -> tokens; tokens -> text as shown
context      what the model has read so far
line_bonuses  what a line gains by words of a song_theme and by its speaker; word_bonus: what each next token gains by
             leading to a word; word_penalty: what it loses by ending one, of another speaker_gender or speaker_tense
novelty      n-grams, words and rhymes that would come again
free_decoding, pieces

Constrained decoding, line by line:
constraint_index  built once for a run and its corpus: endings (words by rhyme), orthography, originality (runs of
             words of the corpus), pairs (of words that the corpus avoids) and agreement, trie, clean
candidates   many ways to end one line, from one batch of the model: line_search (what they share), line_beginnings
             (drawn from the model), last_words (beam search)
selection    the next line: candidates compared, the best taken; line_violations: what it lacks
song_state   what the next line has to know of the song
constrained_decoding  whole songs; proposals for one next line

Beside a writer:
verse_fit    a verse -> the plan of its measure
revision     a line of one's own, its words kept as far as possible; gap_filling: one with holes (line_template), or
             one between two others. Both search a line_lattice of words (word_steps); word_diff: what changed
"""
