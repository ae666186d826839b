"""A sealed note with any one bit flipped is told from what was sealed, wherever it is."""

import json

from pipeline.core.checksums import is_whole, with_checksum


def test_no_flipped_bit_of_a_note_is_silent() -> None:
    note = with_checksum({"kind": "network", "songs": 3, "files": {"a.npz": "0f" * 16}})
    data = json.dumps(note, indent=1).encode()
    for at in range(8 * len(data)):
        spoiled = bytearray(data)
        spoiled[at // 8] ^= 1 << at % 8
        try:
            read = json.loads(spoiled)
        except ValueError:
            continue
        assert read == note or is_whole(read) is False, bytes(spoiled)


def test_a_note_of_before_is_neither_whole_nor_changed() -> None:
    assert is_whole({"songs": 3, "files": {}}) is None
    assert is_whole({}) is None
