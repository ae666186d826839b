"""A few processes that write for everybody: texts a slice at a time, proposals, and how new a text is.

requests  what may be asked, as plain data; a text on the side of whoever asked for it
desk      answers the requests in one process: the runs that it has open, the texts that it is writing
turns     whose request is next: that of the visitor who was served longest ago
pool      the processes, started when they are needed, replaced when they die
"""
