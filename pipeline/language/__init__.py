"""French as rap writes and says it. Knows nothing of songs.

Spelling
    tokens          the one tokenizer: clitics split, offsets kept
    vocabulary      word2index and index2word under laws
    adlibs          what a line holds besides what is rapped
    numerals        digits in words
    lexicon         the hand-made tables: slang, function words, aspirated h
Sound
    ipa             phones, vowels, and the mergers under which rap rhymes
    g2p             the one place that knows the model
    phones          token -> IPA: table, rules, model
    mute_e          the e that comes and goes
    pronunciations  word -> sound, as a table stored beside a corpus
Lines
    syllables       spoken, in verse, fewest, most
    rhyme           pauvre to léonine, assonance, multisyllabic
    scheme          AABB, ABAB ... of a section
    section_rhymes  every rhyme of a section, internal ones too
    rhyme_spans     where they are in the text, to be coloured
    rhyme_index     a rhyming dictionary
    scansion        the command line's view of all this

>>> from pipeline.language.pronunciations import Pronunciations
>>> from pipeline.language.syllables import scan_line
>>> line = scan_line("J'suis dans l'game, t'es qu'un p'tit", Pronunciations())
>>> line.ipa, line.syllables.spoken
('ʒsɥi dɑ̃ lɡɛjm tɛ kœ̃ pti', 6)
"""
