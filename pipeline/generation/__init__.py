"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

Writing freely:
sampling     logits -> a token: temperature, top-k, top-p, min-p, repetition penalty
spelling     a seed as written -> tokens; tokens -> text as shown
lyric        what writing gives: a Lyric of GeneratedLines, and its settings
writer       a run + a seed -> pieces of text as they come, or the whole Lyric

Writing to measure:
constraints  what a line must do: rhyme, syllables, words in and out
form         the plan of a song, section by section
workshop     what is looked up while writing, made once for a run and its corpus:
             endings (words by rhyme), orthography, originality (runs of words of the corpus), pairs (of words
             that the corpus avoids), trie, clean
candidates   many ways to end one line, from one batch of the model
choosing     the next line: candidates judged, the best taken, what it lacks reported
bars         whole songs under constraints; proposals for one next line
"""
