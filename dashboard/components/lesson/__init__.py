"""Pieces of the Learn pages: a lesson with its line under study, small drawings, trained networks at play."""
