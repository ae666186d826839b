"""Catalogues of what the pipeline says: one .po file a language; English stands in the code."""
