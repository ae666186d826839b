"""A trained run and a seed in, a Lyric out. Knows nothing of Keras, pages or files.

sampling   logits -> a token: temperature, top-k, top-p, min-p, repetition penalty
spelling   a seed as written -> tokens; tokens -> text as shown
lyric      what writing gives: a Lyric of GeneratedLines, and its settings
writer     a run + a seed -> pieces of text as they come, or the whole Lyric
"""
