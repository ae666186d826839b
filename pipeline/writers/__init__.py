"""A few processes that write for everybody: texts a slice at a time, proposals, and how new a text is.

requests        what may be asked, as plain data
pool            the processes, and whose request is next
desk            answers the requests in one process: the runs that it has open, the texts that it is writing
requested_text  a text on the side of whoever asked for it
"""
