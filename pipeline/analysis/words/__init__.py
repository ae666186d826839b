"""Words and their classes, beside other words and over time, and how rich a vocabulary is.

What there is     lexicon (sizes, frequencies, artists) · laws (Zipf-Mandelbrot, growth) · word_classes (verlan, argot,
                  loans) · structure (sections, forms, repetition) · tone (polarity)
How rich it is    diversity (from counts) · moving_windows (MATTR) · rankings (tables and orders with intervals)
To search for     query (what a person types) · token_queries (CQL, regular expressions) · concordance
What they name    names (persons, places, brands) · code_switching (another language in a line)
In company        ngrams · collocations · word_sketch (with the similitude graph) · timeline · word_vectors
"""
