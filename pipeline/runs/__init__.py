"""A trained model as a folder under models/: written, opened, listed, moved.

config   where it lies, and its config.json
run      the folder itself
draft    a run before it is saved, and how it is
summary  one row about a run
archive  a run as one file, and back; what comes in is checked
trash    who may write a name, and deleted runs until the trash is emptied
vectors  what the embeddings of a run say
"""
