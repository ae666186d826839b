"""How lines sound, from one phonetic table of a corpus.

phonetic_table  every line transcribed: syllables, rhyme key, rhymes; the vowels of words
rhymes          density, syllables, schemes by group, longest matches
rhyming_dictionary  words and phrases that rhyme with a text
rhyme_factor    mean length of assonances (raplysaattori)
rhyme_density   the table and the density in one call; a verse beside the sections of a corpus
"""
