"""What every other room uses: errors and their sentences, languages, paths, files replaced as a whole."""
