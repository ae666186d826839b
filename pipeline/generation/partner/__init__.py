"""A language model on one's own machine as a writer of lines, beside Seize's networks.

exchange   one request to a server, read by a thread: bounded in time and size, every failure one sentence
server     servers of the OpenAI kind (Ollama, LM Studio, llama.cpp, vLLM): which one is asked, of this machine alone
           unless `SEIZE_PARTNER_HOSTS` names others, and which answer here
answer     the lines in what a model says
mending    a line with a syllable too many or too few, said as French is spoken
proposer   the model as a `demand.Proposer`: a quatrain at a time, checked exactly, asked again for what was missing
"""
