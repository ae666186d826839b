"""What pages ask of the pipeline, without Streamlit: functions of a corpus and plain values.

`dashboard.cache` calls them and caches what they return.

subcorpus            which part of a corpus a page shows, keys of songs in addresses, what was inferred
groups               which groups a figure shows, figures of two compared sides, planes of words and groups
words                collocations and phrases with their lines, Zipf's law, frequencies over years
sounds               syllables, rhymes and vowels of a subcorpus with their lines, measures of a visitor's verse
rhyming_dictionary   words and lines that rhyme with a text, families of rhymes, alternatives to a word
name_search          search by name for artists, songs, words
visitors             who the visitor is, what they may do, their jobs
uploads              files of this machine that may be imported, and files that a browser sent
draft_store          the saved drafts of a visitor
training_requests    the settings of a training, and its reported progress
"""
