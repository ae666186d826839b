"""What sets subcorpora apart or brings them together.

association     the scores of a table of four cells: G², log ratio, Lafon's specificity
keyness         the words of a part against the rest, and how evenly each is dispersed
similarity      distances of artists, years or songs (Labbé, cosine) and their map
correspondence  AFC: words and groups on shared axes
stylometry      Cosine Delta: which artist a text sounds like
reuse           phrases that artists share
"""
