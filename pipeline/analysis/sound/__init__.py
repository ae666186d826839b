"""How lines sound, from one phonetic table of a corpus.

phonetic_table  every line transcribed: syllables, rhyme key, rhymes; the vowels of words
rhymes          density (also of a verse, beside the sections of a corpus), syllables, schemes by group, longest matches
rhyming_dictionary  words and phrases that rhyme with a text
flow            how fast, and where in the bar, where a source says when
"""
