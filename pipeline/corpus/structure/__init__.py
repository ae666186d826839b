"""The structure of songs where no tags give it: stanzas, and what kind of section each is.

stanzas     which lines of a song recur, exactly or nearly, where its stanzas begin, and the kind of each: couplet,
            refrain, pré-refrain, intro, outro or pont, with its certainty
section_drafts  what stands under each tag -> Sections, of which some have their kind from a tag
"""
