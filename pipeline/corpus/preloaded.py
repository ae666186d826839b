"""What workers need to prepare a corpus, imported and unpacked once: by the server that they are forked from.

Alone, each would take 1.3 seconds of the processor to import pandas and SciPy, 2.7 to unpack the model of
pronunciations and 0.3 for the dictionary of French; forked, they share it, and its memory. Imported for this effect
alone.
"""

import scipy.sparse  # noqa: F401
import simplemma

from pipeline.corpus import shards  # noqa: F401
from pipeline.language.phones import transcribe_tokens

simplemma.is_known("prêt", lang="fr")
transcribe_tokens(["prêtons"])
