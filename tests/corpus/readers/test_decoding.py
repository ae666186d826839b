"""Bytes of every encoding that lyrics come in."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.errors import SourceError
from pipeline.corpus.readers.text import decode

TEXT = "Œil pour œil, l’été"


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (TEXT.encode(), TEXT, "utf-8"),
        (TEXT.encode("utf-8-sig"), TEXT, "utf-8-sig"),
        (TEXT.encode("cp1252"), TEXT, "cp1252"),
        (TEXT.encode("utf-16"), TEXT, "utf-16"),
        (f"{TEXT}\n".encode() + TEXT.encode("cp1252"), f"{TEXT}\n{TEXT}", "mixed"),
        (b"c\x9cur \x81", "cœur \x81", "cp1252"),
        (b"", "", "utf-8"),
    ],
)
def test_decode(data: bytes, text: str, encoding: str) -> None:
    assert decode(data, "x") == (text, encoding)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0", bytes(range(256)) * 10, b"\x1f\x8b\x08\0" + bytes(50)])
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match="binary"):
        decode(data, "x.txt")


@given(st.binary(max_size=500))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(SourceError):
        assert isinstance(decode(data, "x").text, str)
