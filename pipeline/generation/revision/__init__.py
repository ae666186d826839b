"""Lines of a writer's own: revised, filled where they have holes, or led to from the line before."""
