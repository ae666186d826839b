"""One palette for figures, page and theme, in light and in dark.

A figure names its colours by *ink* (`INK["blue"]`), a placeholder that Streamlit replaces in the browser by the
matching entry of chartCategoricalColors in dashboard/.streamlit/config.toml. So a figure is built once for both
themes. It stays in the one that it was first shown in: Streamlit 1.67 finds no placeholders in what it has replaced.

Categorical colours are after Okabe and Ito (2008), safe for the colour-blind, each with contrast 3 or more on its
ground; the sequential scale is cividis (Nuñez et al. 2018); the diverging one goes through paper.
"""

# In the order of chartCategoricalColors: (light, dark).
COLOURS: dict[str, tuple[str, str]] = {
    "blue": ("#0072B2", "#3F9BD6"), "orange": ("#B97C00", "#E69F00"), "green": ("#008A63", "#12B383"),
    "purple": ("#B8628F", "#DE8FBA"), "sky": ("#2E8CC6", "#7CC7F0"), "vermilion": ("#C25200", "#F0743A"),
    "grey": ("#5C5866", "#A9A4B3"), "accent": ("#B8401A", "#FF8A5C"), "rule": ("#D9D2C4", "#37343F"),
    "ink": ("#17161B", "#F3F0E9"),
}  # fmt: skip
SURFACES: dict[str, tuple[str, str]] = {"paper": ("#FBF9F4", "#131217"), "second": ("#F1EDE4", "#1D1B22")}
SECTION_COLOURS = {
    "refrain": "vermilion", "couplet": "blue", "pré-refrain": "orange", "pont": "green", "interlude": "purple",
    "intro": "grey", "outro": "grey",
}  # fmt: skip

INK = {name: f"#0000{place:02d}" for place, name in enumerate(COLOURS, 1)}
SEQUENTIAL = [f"#0000{place}" for place in range(11, 21)]
DIVERGING = [f"#0000{place}" for place in range(21, 31)]
BANDS = {INK[name]: f"{light}40" for name, (light, _) in COLOURS.items()}  # an ink at 25 %, the same in both themes
CATEGORIES = [INK[name] for name in ("blue", "orange", "green", "purple", "sky", "vermilion", "grey")]


def plotly_colour_scale(colours: list[str]) -> list[list[float | str]]:
    """Return a Plotly colour scale of evenly spaced steps."""
    return [[place / (len(colours) - 1), colour] for place, colour in enumerate(colours)]


def css_tokens() -> str:
    """Return the colours of the palette as CSS custom properties, `light-dark()` of both themes."""
    tokens = {**COLOURS, **SURFACES}
    return "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in tokens.items())
