"""Models of the next token: networks, n-grams, caches and their mixtures. No TensorFlow, no files.

splits          songs -> texts, and the split by song
unit_contract   what units are, and `units` the table of them: characters, words, `subword_units`
control_tokens  voice, section, years, facets and the word that ends a line, as tokens that a model is conditioned on

protocol        what every language model can do; whole songs are read in parallel rows
network         trained networks, and one read under two conditions
kneser_ney      interpolated modified Kneser-Ney n-grams, read from an `ngram_trie`
word_contexts   what followed the same words, by rolling hashes
cache_model     an n-gram of the song so far
interpolation   counts of contexts, each taking a share of what stands below it
mixture         network, n-gram, word contexts and cache as one model

casing          what a word model leaves out: spelling of the unknown, case, spaces, punctuation
text_model      a model with what makes it one of texts: what evaluation knows
"""
