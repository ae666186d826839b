"""The structure of songs where no tags give it: stanzas, and what kind of section each is.

repetition  which lines of a song come back, exactly or nearly
stanzas     where stanzas begin: at blank lines, and where lines that come back begin and end
kinds       couplet, refrain, pré-refrain, intro, outro or pont, each with its certainty
infer       all of it, for lines of which some may have a kind from a tag
"""
