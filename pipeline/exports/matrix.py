"""The document-term matrix, as a zip of Matrix Market (Boisvert, Pozo & Remington 1996) and its two lists of names.

matrix.mtx       songs x words, whole numbers        R: Matrix::readMM; Python: scipy.io.mmread
vocabulary.txt   a word a line, in the order of the columns
songs.csv        metadata, in the order of the rows
"""

import io
import zipfile
from pathlib import Path

import numpy as np
from scipy.io import mmwrite

from pipeline.analysis.counting import word_counts
from pipeline.corpus.table import Corpus
from pipeline.exports.songs import song_metadata


def write_matrix(corpus: Corpus, path: Path) -> None:
    """Words of the lyrics and of ad-libs together, those that occur."""
    counts, _ = word_counts(corpus, "song", "all")
    used = np.flatnonzero(np.asarray(counts.sum(axis=0)).ravel())
    matrix = io.BytesIO()
    mmwrite(matrix, counts[:, used].tocoo(), field="integer", comment="songs x words")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("matrix.mtx", matrix.getvalue())
        archive.writestr("vocabulary.txt", "\n".join(corpus.vocabulary.decode(used)) + "\n")
        archive.writestr("songs.csv", song_metadata(corpus).to_csv(index=False))
