"""Small spreadsheets made by hand, so that tests need no library that writes them."""

# ruff: noqa: E501 (pages and XML as they are)

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
Rows = Sequence[Sequence[str]]


def xlsx(sheets: dict[str, Rows], last: str = "") -> bytes:
    """An XLSX file with cells as inline strings. `last` says where the last cell of each sheet stands, as XFD1048576."""
    ns, rel = "http://schemas.openxmlformats.org", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(sheets, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{rel}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    package = f"{ns}/package/2006"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="a" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{ns}/spreadsheetml/2006/main" xmlns:r="{rel}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    for at, rows in enumerate(sheets.values(), 1):
        cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        if last:
            before, _, after = cells.rpartition("<c ")
            cells = f'{before}<c r="{last}" {after}'
        files[f"xl/worksheets/s{at}.xml"] = (
            f'<worksheet xmlns="{ns}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
        )
    return _zip(files)


def ods(rows: Rows) -> bytes:
    """An ODS file with one sheet."""
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    table = "".join(f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" xmlns:text="{ns}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": _MANIFEST,
        }
    )


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _ods_cell(text: str) -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _zip(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_STORED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return data.getvalue()
