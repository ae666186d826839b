"""One order of additions, so that a request writes the same text on every machine. Knows nothing of texts.

A text follows probabilities to their last digit, and that digit depends on the order in which a sum is made: on the
number of threads, and on the kernels that OpenBLAS and NumPy choose by the processor (AVX-512 adds in another order
than AVX2, and its exponentials end in another digit).
"""

from pathlib import Path

_THREAD_COUNT_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_AVX512 = "X86_V4 AVX512_ICL AVX512_SPR"  # what NumPy 2.4 calls its kernels beyond AVX2
_PROCESSOR = Path("/proc/cpuinfo")


def reproducible_environment() -> dict[str, str]:
    """Return environment variables with which NumPy gives the same sums on every machine: one thread, AVX2 kernels.

    NumPy reads it when it is first imported. Products of one row are no work for two threads, nor faster in AVX-512.
    A processor without AVX2, or that cannot be asked here, adds as it can.
    """
    abilities = _PROCESSOR.read_text("utf-8", "replace").split() if _PROCESSOR.is_file() else []
    kernels = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": _AVX512} if "avx2" in abilities else {}
    return dict.fromkeys(_THREAD_COUNT_VARIABLES, "1") | kernels
