"""Bytes -> text: UTF-8 with or without its mark, UTF-16 with it, cp1252, and files that mix them."""

import codecs
from typing import NamedTuple

from pipeline.core.errors import SourceError

_BINARY_SHARE = 0.02  # of control characters; lyrics have none, compressed data has about 10 %
_CONTROLS = bytes(set(range(32)) - {9, 10, 11, 12, 13, 0x1A, 0x1B})
_WIDE_SHARE = 0.7  # of the high bytes of UTF-16 that are zero in French; the others are œ, ’ and the like
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Decoded(NamedTuple):
    """Text and the encoding it was in: utf-8, utf-8-sig, utf-16, cp1252 or mixed."""

    text: str
    encoding: str


def decode(data: bytes, where: str) -> Decoded:
    """Text of the bytes of a file. Raises SourceError when they are no text."""
    if encoding := _wide_encoding(data):
        return Decoded(data.decode(encoding, "replace").lstrip("\ufeff"), encoding[:6])
    if is_binary(data):
        raise SourceError(
            "{where} is not text: it holds binary data. Give text files, or tables of songs.", where=where
        )
    if data.startswith(codecs.BOM_UTF8):
        return Decoded(data.decode("utf-8-sig", "replace"), "utf-8-sig")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    lines = [_decode_line(line) for line in data.split(b"\n")]
    encodings = {encoding for text, encoding in lines if not text.isascii()}
    return Decoded("\n".join(text for text, _ in lines), "mixed" if len(encodings) > 1 else "cp1252")


def _wide_encoding(data: bytes) -> str:
    """UTF-32 or UTF-16, by their mark, or by zeros where Latin letters have them; empty for any other encoding."""
    if data.startswith(_UTF32):
        return "utf-32"
    if data.startswith(_UTF16):
        return "utf-16"
    sample = data[:4096]
    if len(sample) < 8 or len(data) % 2 or b"\0" not in sample:
        return ""
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        others = sample[::2] if encoding == "utf-16-le" else sample[1::2]
        if zeros.count(0) > _WIDE_SHARE * len(zeros) and b"\0" not in others and _is_printable(data, encoding):
            return encoding
    return ""


def _is_printable(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)[:2048]
    except UnicodeDecodeError:
        return False
    return sum(c.isprintable() or c in "\r\n\t" for c in text) > 0.99 * len(text)


def is_binary(data: bytes) -> bool:
    """Whether these bytes cannot be text in an encoding that lyrics come in."""
    if _wide_encoding(data):
        return False
    sample = data[:65536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or controls > _BINARY_SHARE * len(sample)


def _decode_line(line: bytes) -> Decoded:
    try:
        return Decoded(line.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        # cp1252 leaves five bytes undefined: latin-1 makes C1 controls of them, which cleaning then counts
        text = "".join(_cp1252(byte) for byte in line) if set(line) & _UNDEFINED else line.decode("cp1252")
        return Decoded(text, "cp1252")


_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}


def _cp1252(byte: int) -> str:
    return chr(byte) if byte in _UNDEFINED else bytes([byte]).decode("cp1252")
