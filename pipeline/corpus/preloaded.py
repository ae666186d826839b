"""What workers need to prepare a corpus, imported and unpacked once: by the server that they are forked from.

Alone, each would take 1.3 seconds of the processor to import pandas and SciPy, 2.7 to unpack the model of
pronunciations; forked, they share it, and its memory. Imported for this effect alone.
"""

import scipy.sparse  # noqa: F401

from pipeline.corpus import shards  # noqa: F401
from pipeline.corpus.languages import told_language
from pipeline.language.phones import transcribe_tokens

told_language(["prêt", "ready", "listo", "pronto", "bereit", "klaar"])
transcribe_tokens(["prêtons"])
