"""Pieces of the pages that look at a corpus: filters, choices, lists of lines, songs to read, what was imported."""
