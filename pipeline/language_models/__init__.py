"""Models of the next token: networks, n-grams, caches and their mixtures. No TensorFlow, no files.

song_texts      songs -> texts -> tokens, and the split by song
control_tokens  voice, section and years, as tokens that a model is conditioned on
kneser_ney      interpolated modified Kneser-Ney n-grams
word_contexts   what followed the same words
cache_model     an n-gram of the song so far
interpolation   counts of contexts, each taking a share of what stands below it
mixture         network, n-gram, word contexts and cache as one model
scoring         whole songs read in parallel rows
text_model      a model with what makes it one of texts: what evaluation knows
casing          what a word model leaves out: spelling of the unknown, case, spaces, punctuation
"""
