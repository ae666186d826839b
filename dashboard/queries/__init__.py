"""What pages ask of the pipeline, without Streamlit: functions of a corpus and plain values.

`dashboard.cache` calls them and caches what they return.

subcorpus            which part of a corpus a page looks at: what every cached result is filed under
song_addresses       what a song is called in an address
phonetics            what is known of how a corpus sounds
vocabulary_curves    Zipf's law, and the words met at a point of the growth curve
phrase_search        pairs of words, and the lines that hold a phrase
rhyme_statistics     syllables and rhymes of a subcorpus, by artist or year
sound_examples       the lines behind those figures
rhyming_dictionary   words and line ends that rhyme with a text
verse_statistics     a verse of the visitor's, measured like those of the corpus
local_sources        files of this machine that a visitor may import
uploads              files that a browser sent, until they are prepared
training_requests    what a training is asked for and what it reported
"""
