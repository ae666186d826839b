"""A trained model as a folder under models/: written, opened, listed, moved.

run         the folder itself
run_places  where it is read: among one's own, or among those that came with Seize
draft       a run before it is saved, and how it is
summary     one row about a run
archive     a run as one file, and back
trash       deleted runs, until the trash is emptied
vectors     what the embeddings of a run say
"""
