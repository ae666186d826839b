"""The sixteen bars: logo, progress and length in one sign."""

from html import escape

from pipeline.core.translation import number, t


def bars(filled: int, total: int = 16, *, large: bool = False, label: str = "") -> str:
    """Return HTML of `total` thin bars in groups of four, the first `filled` of them inked."""
    inked = "".join(f"<i{' class=on' if bar < filled else ''}></i>" for bar in range(total))
    text = label or t("{filled} of {total} bars", filled=number(filled), total=number(total))
    return f'<span class="bars{" large" if large else ""}" role="img" aria-label="{escape(text)}">{inked}</span>'
