"""French as rap writes and says it. Knows nothing of songs.

Spelling
    tokens          the one tokenizer: clitics split, offsets kept; ad-libs blanked
    vocabulary      word2index and index2word under laws
    lexicons        the hand-made tables: slang, function words, aspirated h
    pos_tagger      parts of speech, where a corpus asks for them
Sound
    ipa             phones, vowels, and the mergers under which rap rhymes
    g2p             the one place that knows the model
    phones          token -> IPA: table, rules (digits in words among them), model
    mute_e          the e that comes and goes
    dieresis        glides that verse makes syllables: vi-o-lence
    liaison         what two words do to each other where they meet
    pronunciations  word -> sound, as a table stored beside a corpus
Lines
    syllables       spoken, in verse, fewest, most
    rhythm          the sixteen steps of a bar, and the step of each syllable
    rhyme           kinds of rhyme: pauvre to léonine, near rhyme, assonance, multisyllabic
    phone_similarity  how alike two ends sound, 0 to 1
    rhyme_index     a rhyming dictionary, of a corpus and of French
    scheme          AABB, ABAB ... of a section, with assonances as small letters
    section_rhymes  every rhyme of a section, internal ones too, and where it is in the text
    line_columns    the same rules for lines by the thousand
    scansion        the command line's view of all this

>>> from pipeline.language.pronunciations import Pronunciations
>>> from pipeline.language.syllables import scan_line
>>> line = scan_line("J'suis dans l'game, t'es qu'un p'tit", Pronunciations())
>>> line.ipa, line.syllables.spoken
('ʒsɥi dɑ̃ lɡɛm tɛ kœ̃ pti', 6)
"""
