"""A few processes that write for everybody: texts a slice at a time, proposals, and how new a text is.

requests        what may be asked, as plain data
opened          the runs and constraint indexes that one process has open
unfinished      the texts that one process is writing, and how far they are
desk            answers the requests in one process
worker          that process: requests in on one pipe, replies out on the other
turns           whose request is next: that of the visitor who was served longest ago
pool            the processes, started when they are needed, replaced when they die
requested_text  a text on the side of whoever asked for it
"""
