"""The pieces that pages are made of, in rooms.

frame     what every page shares: layout, controls in the address, figures and tables, jobs, sharing
corpus    what looks at lyrics: filters, lists of lines, songs to read, what was imported
writing   where verses are written: controls, the text on paper, drafts, line by line, blind tests
models    trainings and trained runs
lesson    the Learn pages: a lesson and its line under study, small drawings, networks at play
"""
