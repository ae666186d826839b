"""A table of metadata beside text files: a row a song, found by file name or by title and artist."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from pipeline.corpus.raw import Skip
from pipeline.corpus.readers.blobs import Blob
from pipeline.corpus.readers.columns import as_text, by_name
from pipeline.corpus.readers.tabular import open_table
from pipeline.corpus.readers.text import path_metadata
from pipeline.corpus.tags import folded
from pipeline.errors import SourceError

_FILE_COLUMNS = ("file", "filename", "file_name", "path", "filepath", "file_path", "fichier", "chemin", "txt")

Fields = dict[str, str]


def match_rows(tables: Iterable[Blob], texts: Iterable[Blob]) -> tuple[dict[str, Fields], list[Skip]]:
    """(metadata by name of text file, what found no partner: rows without files, files without rows)."""
    rows, skips = _rows(tables)
    if not rows:
        return {}, skips
    by_key = {key: (source, fields) for source, fields, keys in rows for key in reversed(keys)}
    matched: dict[str, Fields] = {}
    used = set[str]()
    for blob in texts:
        found = next((by_key[key] for key in _keys_of_file(blob.name) if key in by_key), None)
        if found:
            used.add(found[0])
            matched[blob.name] = found[1]
        else:
            skips.append(Skip(blob.name, "no row of the metadata is about this file: it is read without"))
    skips += [Skip(source, "no file goes with this row of metadata") for source, _, _ in rows if source not in used]
    return matched, skips


def _rows(tables: Iterable[Blob]) -> tuple[list[tuple[str, Fields, list[str]]], list[Skip]]:
    rows, skips = [], []
    for blob in tables:
        try:
            table = open_table(blob.load(), blob.name)
            mapping = {field: column for field, column in by_name(table.columns).items() if field != "text"}
            file_column = next((c for c in table.columns if c.strip().lower() in _FILE_COLUMNS), None)
            if file_column is None and "title" not in mapping:
                raise SourceError("sidecar-names", "it names neither files nor titles")
            for item in table.rows:
                if isinstance(item, Skip):
                    skips.append(item)
                    continue
                source, row = item
                fields = {field: as_text(row.get(column)) for field, column in mapping.items()}
                rows.append(
                    (source, fields, _keys_of_row(fields, as_text(row.get(file_column)) if file_column else ""))
                )
        except SourceError as error:
            skips.append(Skip(blob.name, f"not used as metadata: {error}"))
    return rows, skips


def _keys_of_row(fields: Mapping[str, str], file: str) -> list[str]:
    keys = [f"file {_plain(file)}", f"stem {_plain(PurePosixPath(file.replace(chr(92), '/')).stem)}"] if file else []
    return [*keys, f"song {_plain(fields.get('artist', ''))} {_plain(fields.get('title', ''))}"]


def _keys_of_file(name: str) -> list[str]:
    known = path_metadata(name)
    path = PurePosixPath(name)
    song = f"song {_plain(known.get('artist', ''))} {_plain(known.get('title', ''))}"
    return [f"file {_plain(name)}", f"file {_plain(path.name)}", f"stem {_plain(path.stem)}", song]


def _plain(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())
