"""Segments of a corpus in classes.

reinert          descending classification of a binary matrix
lexical_worlds   text in segments, and their classes with words, segments and shares
double_worlds    two classifications crossed
topics           NMF and LDA in the same views; any of the methods by its name
class_agreement  how far classifications agree, and how far apart their classes are
"""
