"""Pieces of the pages on which verses are written: controls, the text on paper, drafts, line by line, blind tests."""
