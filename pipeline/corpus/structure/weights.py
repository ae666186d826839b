"""The weights of section kinds.

Written by `benchmarks/structure.py learn` from 251 songs and their dirty copies.
"""

import numpy as np

from pipeline.corpus.song import SectionKind

KINDS: tuple[SectionKind, ...] = ("couplet", "refrain", "intro", "outro", "pont")
_TABLE = {
    "one": (-0.56, 1.03, 0.18, 0.31, -0.96),
    "recurs": (0.30, 0.24, -0.59, -0.67, 0.72),
    "recurs fully": (-1.67, 0.24, -0.37, 0.16, 1.64),
    "holds": (-0.70, 3.69, -0.44, -0.88, -1.68),
    "times": (0.02, 0.29, -0.70, 0.43, -0.04),
    "inner": (-1.72, 1.13, -0.12, 1.31, -0.60),
    "inner alone": (-0.20, 0.66, -0.03, -0.13, -0.30),
    "length": (0.94, -0.71, -0.11, 0.24, -0.34),
    "lines": (2.37, 0.12, -0.78, -1.85, 0.14),
    "short": (-0.21, -0.16, 0.24, 0.00, 0.13),
    "first": (-0.73, -1.28, 2.59, -0.18, -0.39),
    "first length": (0.51, 0.49, -1.45, 0.15, 0.29),
    "first recurs": (-0.02, 0.42, -0.31, -0.01, -0.08),
    "last": (-0.09, -0.76, -0.30, 2.83, -1.69),
    "last length": (0.19, 0.35, 0.24, -1.22, 0.43),
    "last recurs": (0.59, -0.29, -0.01, -0.07, -0.22),
    "place": (-1.54, -0.82, -1.23, 1.45, 2.15),
    "between refrains": (0.24, -0.20, -0.46, 0.06, 0.35),
    "late": (0.00, -0.82, -0.21, -0.28, 1.31),
    "late length": (0.01, -0.20, 0.07, 0.09, 0.02),
    "song recurs": (0.81, -0.59, 0.26, -0.05, -0.43),
    "line words": (0.36, -0.21, -1.09, 0.31, 0.63),
}
FEATURES = tuple(_TABLE)
WEIGHTS = np.array(list(_TABLE.values()), np.float32)  # (feature, kind)
