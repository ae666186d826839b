"""The weights of section kinds.

Written by `benchmarks/structure.py learn` from 251 songs and their dirty copies, and from worlds of the tests.
"""

import numpy as np

from pipeline.corpus.song import SectionKind

KINDS: tuple[SectionKind, ...] = ("couplet", "refrain", "intro", "outro", "pont", "pré-refrain")
_TABLE = {
    "one": (-1.22, 0.37, 0.33, 0.36, -0.71, 0.87),
    "recurs": (-0.25, 0.57, -0.46, -0.55, 1.03, -0.34),
    "recurs fully": (-1.53, 0.26, -0.48, 0.10, 2.17, -0.52),
    "holds": (-1.02, 4.22, -0.45, -1.08, -1.59, -0.08),
    "times": (-0.10, 0.68, -0.90, 0.73, -0.14, -0.27),
    "inner": (-1.79, 0.74, -0.28, 1.35, 0.51, -0.52),
    "inner alone": (-0.61, 0.61, -0.08, -0.87, 1.45, -0.50),
    "length": (1.48, -0.34, -0.15, 0.14, -0.20, -0.93),
    "lines": (3.07, 0.95, -0.98, -2.39, 0.13, -0.78),
    "short": (0.40, -0.26, -0.01, -0.00, -0.15, 0.02),
    "first": (-1.03, -1.35, 3.88, -0.10, -0.35, -1.06),
    "first length": (0.55, 0.03, -1.55, 0.07, 0.18, 0.72),
    "first recurs": (0.32, 0.03, -0.26, -0.01, -0.06, -0.03),
    "first among equals": (1.32, -0.34, -0.88, -0.01, -0.06, -0.04),
    "last": (-0.90, -0.57, -0.33, 3.45, -0.89, -0.76),
    "last length": (-0.04, 0.24, 0.20, -1.13, 0.19, 0.55),
    "last recurs": (0.52, 0.28, -0.01, -0.03, -0.72, -0.03),
    "place": (-0.91, -0.80, -1.57, 1.78, 2.31, -0.81),
    "between refrains": (-0.51, -0.59, -1.00, 1.12, 0.34, 0.64),
    "amid refrains": (-0.45, -0.55, -0.03, -0.08, 1.98, -0.88),
    "before": (0.22, -1.87, -0.59, -0.59, 0.58, 2.25),
    "before length": (0.43, -0.00, -0.02, 0.16, 0.02, -0.58),
    "steps": (-0.54, -0.02, 0.03, -0.18, 0.01, 0.70),
    "late": (-0.16, -0.39, -0.25, -0.16, 1.90, -0.95),
    "late length": (0.08, -0.29, 0.05, -0.42, 0.07, 0.52),
    "song recurs": (1.61, -0.96, 0.96, -0.05, -1.04, -0.52),
    "line words": (0.84, -0.58, -0.75, 0.35, -0.25, 0.39),
}
FEATURES = tuple(_TABLE)
WEIGHTS = np.array(list(_TABLE.values()), np.float32)  # (feature, kind)
