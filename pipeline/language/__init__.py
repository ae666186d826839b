"""French as rap writes and says it: tokens, vocabularies, phones, syllables, rhymes. Knows nothing of songs."""
