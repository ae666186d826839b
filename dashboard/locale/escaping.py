r"""Text of a corpus or a visitor as text, wherever it would be read as markup: HTML, Markdown, labels of Plotly.

Titles, artists, file names, queries and names of runs are anybody's text. Each function here is the one for its
language; `tests/dashboard/test_escaping.py` finds the places that do without.
"""

import re
from html import escape

_JOINER = "\N{WORD JOINER}"  # unseen. A backslash does not help: Streamlit links addresses in the text that is left
_ADDRESS = re.compile(r":(?=[^\s-])|@(?=\S)|www(?=[.\\])", re.IGNORECASE)
_MARK = re.compile(r"[\\`*_\[\]<>&~$|]|^(?=\s*(?:[#+=-]|\d+[.)]))(\s*\d*)(.)", re.MULTILINE)
_LINK = re.compile(r"!(?=\[)|\](?=[\[(:])|&(?=[#\w])|<(?=\S)")


def escape_html(text: object) -> str:
    """Return text to stand inside HTML, between tags; `html.escape` also serves inside attributes."""
    return escape(str(text), quote=False)


def escape_markdown(text: object) -> str:
    r"""Return text to stand inside Markdown or a label: no marks, colours, formulas, emoji, pictures or links.

    >>> escape_markdown("*seize* [<b>]"), escape_markdown("1. J'suis là - #92")
    ('\\*seize\\* \\[\\<b\\>\\]', "1\\. J'suis là - #92")
    >>> escape_markdown(":red[x]"), escape_markdown("https://a.b www.a.b a@b.c").split("\u2060")
    (':\u2060red\\[x\\]', ['https:', '//a.b www', '.a.b a@', 'b.c'])
    """
    marked = _MARK.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[0]}", str(text))
    return _ADDRESS.sub(rf"\g<0>{_JOINER}", marked)


def unlink_markdown(text: str) -> str:
    r"""Return a Markdown document of somebody else's, such as a model card, whose links and pictures are text.

    >>> unlink_markdown("# Card\n**bold** ![p](x)").split("\u2060")
    ['# Card\n**bold** !', '[p]', '(x)']
    """
    return _ADDRESS.sub(rf"\g<0>{_JOINER}", _LINK.sub(rf"\g<0>{_JOINER}", text))


def escape_plotly(text: object) -> str:
    """Return text to stand inside a label or a template of Plotly, which read tags, entities and %{names}.

    `html.unescape` is its inverse.

    >>> escape_plotly("<a href='x'>R&B</a> %{y}")
    "&lt;a href='x'&gt;R&amp;B&lt;/a&gt; %&#123;y}"
    """
    return escape_html(text).replace("%{", "%&#123;")
