"""Pieces of the pages of trainings and of trained runs."""
