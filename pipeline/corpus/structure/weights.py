"""The weights of section kinds.

Written by `benchmarks/structure.py learn` from 251 songs and their dirty copies.
"""

import numpy as np

from pipeline.corpus.song import SectionKind

KINDS: tuple[SectionKind, ...] = ("couplet", "refrain", "intro", "outro", "pont")
_TABLE = {
    "one": (-0.39, 0.98, 0.17, 0.26, -1.02),
    "recurs": (0.69, 0.13, -0.59, -0.63, 0.40),
    "recurs fully": (-1.78, 0.55, -0.40, 0.16, 1.46),
    "holds": (-0.92, 3.75, -0.49, -0.82, -1.52),
    "times": (0.04, 0.27, -0.66, 0.45, -0.11),
    "inner": (-1.64, 1.14, -0.10, 1.29, -0.69),
    "inner alone": (-0.21, 0.65, -0.03, -0.13, -0.28),
    "length": (1.04, -0.79, -0.25, 0.12, -0.12),
    "lines": (2.28, 0.24, -0.78, -1.85, 0.11),
    "short": (-0.17, -0.01, 0.28, -0.06, -0.05),
    "first": (-0.77, -1.28, 2.61, -0.18, -0.37),
    "first length": (0.59, 0.50, -1.46, 0.15, 0.22),
    "first recurs": (-0.03, 0.42, -0.33, -0.01, -0.05),
    "last": (0.05, -0.64, -0.29, 2.95, -2.06),
    "last length": (0.27, 0.25, 0.23, -1.23, 0.49),
    "last recurs": (0.54, -0.34, -0.01, -0.09, -0.10),
    "place": (-1.69, -1.14, -1.27, 1.45, 2.65),
    "between refrains": (0.28, -0.26, -0.58, 0.12, 0.44),
    "song recurs": (0.66, -0.69, 0.18, -0.11, -0.03),
    "line words": (0.34, -0.24, -1.05, 0.36, 0.59),
}
FEATURES = tuple(_TABLE)
WEIGHTS = np.array(list(_TABLE.values()), np.float32)  # (feature, kind)
