"""Kernels are asked for where the processor has them."""

from pathlib import Path

import pytest

from pipeline.core import reproducibility


@pytest.mark.parametrize(
    ("flags", "kernels"), [("fpu sse2 avx2 avx512f", "Haswell"), ("fpu sse2 avx", None), (None, None)]
)
def test_kernels_are_those_of_avx2_where_it_is(tmp_path: Path, monkeypatch, flags: str | None, kernels) -> None:
    processor = tmp_path / "cpuinfo"
    if flags is not None:
        processor.write_text(f"model name\t: any\nflags\t\t: {flags}\n", "utf-8")
    monkeypatch.setattr(reproducibility, "_PROCESSOR", processor)
    asked = reproducibility.reproducible_environment()
    assert asked["OMP_NUM_THREADS"] == "1"
    assert asked.get("OPENBLAS_CORETYPE") == kernels
