"""Segments of a corpus in classes.

reinert          descending classification of a binary matrix
lexical_worlds   text in segments, and their classes with words, segments and shares
class_agreement  whether classes stay when the text is cut otherwise
"""
