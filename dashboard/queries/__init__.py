"""What pages ask of the pipeline, without Streamlit: functions of a corpus and plain values.

`dashboard.cache` calls them and caches what they return.

subcorpus            which part of a corpus a page looks at, what songs are called in addresses, what was inferred
groups               groups and classes as figures show them: rows of many, two sides, planes
words                pairs and phrases with their lines, Zipf's law, the growth curve
sounds               syllables and rhymes of a subcorpus, the lines behind them, a verse of the visitor's
rhyming_dictionary   words and line ends that rhyme with a text, families of rhymes, words in the place of one
name_search          names of a corpus, and whatever else has one, by what is typed
visitors             who looks at a page, what they may do, their jobs
uploads              files of this machine that may be imported, and files that a browser sent
draft_store          what a visitor keeps: drafts
training_requests    what a training is asked for and what it reported
"""
