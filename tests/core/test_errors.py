"""Every error that a person can mend has an English template, and the values that the template names."""

import ast
import json
import pickle
from string import Formatter

from pipeline.core import errors
from pipeline.core.errors import MAX_QUOTED_LENGTH, RunError, SeizeError, Sentence, error_from_json
from pipeline.core.translation import error_text, in_language
from tests.source_tree import Module, modules, place

KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, SeizeError)}


def raised() -> list[tuple[Module, ast.Call]]:
    """Every call of an error class: most are raised where they are made, some are returned or wrapped."""
    return [
        (module, node)
        for module in modules("pipeline", "dashboard")
        for node in module.nodes(ast.Call)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in KINDS
    ]


def text(node: ast.expr) -> str | None:
    """The value of a literal; None for what is computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def complaint(node: ast.Call) -> str:
    """What is wrong with a call, "" when nothing is."""
    template = text(node.args[0]) if len(node.args) == 1 else None
    if template is None:
        return "it needs a template, literal"
    if any(keyword.arg is None for keyword in node.keywords):
        return ""  # **values: told when it is raised
    named = {field.split(".")[0].split("[")[0] for _, field, _, _ in Formatter().parse(template) if field is not None}
    given = {keyword.arg for keyword in node.keywords}
    return f"the template names {sorted(named)}, the values are {sorted(given)}" if named - given else ""


def test_every_error_has_a_template_and_its_values() -> None:
    complaints = [f"{place(module, node)}: {why}" for module, node in raised() if (why := complaint(node))]
    assert not complaints, "\n".join(complaints)


def test_an_error_crosses_processes_whole() -> None:
    error = pickle.loads(pickle.dumps(RunError("There is no run {name!r}.", name="a")))
    assert (type(error), str(error), error.values) == (RunError, "There is no run 'a'.", {"name": "a"})


def test_an_error_crosses_as_plain_data_with_the_sentences_in_it() -> None:
    reason = Sentence("{rows:,} rows too many", rows=1234)
    for kind in (SeizeError, RunError):
        error = error_from_json(json.loads(json.dumps(kind("{name}: {reason}.", name="a", reason=reason).to_json())))
        assert (type(error), str(error)) == (kind, "a: 1,234 rows too many.")
        assert error.values["reason"].values == {"rows": 1234}


def test_of_a_long_text_an_error_quotes_the_beginning() -> None:
    """A visitor's whole text, in quotation marks, in a list or within another sentence."""
    text = "la nuit " * 20_000
    inner = Sentence("No word of “{text}” is known", text=text)
    for value, template in ((text, "{value!r} is none."), ([text], "{value} is none."), (inner, "{value}: none.")):
        error = SeizeError(template, value=value)
        for said in (str(error), str(error.as_sentence), str(error_from_json(json.loads(json.dumps(error.to_json()))))):
            assert len(said) < MAX_QUOTED_LENGTH + 40
            assert "la nuit la nuit" in said
        with in_language("fr"):
            assert len(error_text(error)) < MAX_QUOTED_LENGTH + 40
    assert str(SeizeError("{value!r} is none.", value=text)).endswith("…' is none.")
    assert "x" * MAX_QUOTED_LENGTH in str(SeizeError("{value} is none.", value="x" * MAX_QUOTED_LENGTH))
