"""What sets subcorpora apart or brings them together.

association     the scores of a table of four cells: G², χ², log ratio, Lafon's specificity
keyness         the words of a part against the rest, and how evenly each is dispersed
similarity      distances of voices (Labbé, cosine) and their map
correspondence  AFC: words and groups on shared axes
stylometry      Burrows' Delta
reuse           runs of words that artists share
"""
