"""An SVG of a card as PNG, by resvg: no browser, no font."""

import resvg_py


def to_png(svg: str, zoom: float = 1.0) -> bytes:
    """Return the picture in PNG. Its text is outlines: no font of the machine is looked for."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, zoom=zoom))
