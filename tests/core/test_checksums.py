"""A sealed note with any one bit flipped is told from what was sealed, wherever it is."""

import json

from pipeline.core.checksums import has_valid_checksum, with_checksum


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
        assert read == note or has_valid_checksum(read) is False, bytes(spoiled)


def test_a_note_of_before_is_neither_whole_nor_changed() -> None:
    assert has_valid_checksum({"songs": 3, "files": {}}) is None
    assert has_valid_checksum({}) is None
