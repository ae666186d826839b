"""What everything stands on: errors and their sentences, languages, paths, files replaced as a whole."""
