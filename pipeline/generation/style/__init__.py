"""What a text is to be like: voice, theme, who speaks; which words suit each other."""
