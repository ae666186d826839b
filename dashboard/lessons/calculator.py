"""NumPy expressions from a visitor, evaluated without running code: a parsed tree, a short list of what it may hold.

Nothing is executed by Python: numbers, lists, named matrices, + − * / @ **, slices, `.T`, and the functions of
`FUNCTIONS`. Sizes are bounded before anything is computed, because the server may be shared.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pipeline.cells.activations import sigmoid, softmax
from pipeline.core.errors import SettingError

LONGEST, NODES, ENTRIES = 300, 120, 4096  # characters, parts of the tree, numbers in an array


def _zeros(*shape: Any) -> np.ndarray:
    """Return zeros of a shape, after its size was checked."""
    wanted = shape[0] if len(shape) == 1 else shape
    sizes = [int(n) for n in np.atleast_1d(np.asarray(wanted))]
    if any(n < 0 for n in sizes) or math.prod(sizes) > ENTRIES or len(sizes) > 4:
        raise SettingError("A shape may have at most {limit} numbers and no negative size.", limit=ENTRIES)
    return np.zeros(sizes)


def _eye(n: Any) -> np.ndarray:
    _zeros((n, n))
    return np.eye(int(n))


def _ones(*shape: Any) -> np.ndarray:
    return _zeros(*shape) + 1


def _concatenate(parts: Any, axis: Any = 0) -> np.ndarray:
    return np.concatenate([np.asarray(p, float) for p in parts], axis=int(axis))


def _sum(a: Any, axis: Any = None) -> Any:
    return np.sum(a, axis=None if axis is None else int(axis))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "multiply": np.multiply,
    "matmul": np.matmul,
    "dot": np.matmul,
    "add": np.add,
    "zeros": _zeros,
    "ones": _ones,
    "eye": _eye,
    "concatenate": _concatenate,
    "clip": np.clip,
    "tanh": np.tanh,
    "exp": np.exp,
    "log": np.log,
    "abs": np.abs,
    "sum": _sum,
    "transpose": np.transpose,
    "sigmoid": sigmoid,
    "softmax": softmax,
}
FUNCTION_NAMES = ", ".join(f"np.{name}" for name in FUNCTIONS)
OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: np.matmul,
    ast.Pow: np.float_power,
}
ALLOWED_KEYWORDS = {"axis"}  # the only keyword
SIGNS_ON_PAPER = {"^": "**", "²": "**2", "⊙": "*", "·": "*", "×": "*", "−": "-"}


def calculate(expression: str, names: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the value of an expression over named arrays. Raise SettingError for whatever is not allowed.

    Signs written on paper are read, and a name that the value is given to is left out.

    >>> calculate("np.matmul(A, [1, 1])", {"A": np.array([[1.0, 2.0]])})
    array([3.])
    >>> calculate("z = A⊙(1 − A²)", {"A": np.array([0.5])})
    array([0.375])
    """
    if len(expression) > LONGEST:
        raise SettingError("An expression has at most {limit} characters.", limit=LONGEST)
    try:
        written = re.sub(r"^\s*\w+\s*=(?!=)", "", expression)
        for sign, operation in SIGNS_ON_PAPER.items():
            written = written.replace(sign, operation)
        tree = ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SettingError("This is not an expression: look for a missing bracket or comma.") from error
    if sum(1 for _ in ast.walk(tree)) > NODES:
        raise SettingError("This expression has too many parts.")
    try:
        with np.errstate(all="ignore"):
            value = _evaluate_node(tree.body, names)
        result = np.asarray(value, float)
    except SettingError:
        raise
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        OverflowError,
        ZeroDivisionError,
        np.exceptions.AxisError,
    ) as error:
        raise SettingError("NumPy says: {reason}", reason=str(error) or type(error).__name__) from error
    return result


def _evaluate_node(node: ast.AST, names: Mapping[str, np.ndarray]) -> Any:
    """Return the value of a node of the syntax tree. Raise SettingError for kinds of nodes that are not listed here."""
    match node:
        case ast.Constant(value=bool()):
            raise SettingError("Only numbers, lists and matrices are allowed.")
        case ast.Constant(value=int() | float() as number) if abs(number) < 1e12:
            return number
        case ast.Name(id=name) if name in names:
            array = names[name].view()
            array.flags.writeable = False  # a third argument of a NumPy function is where it writes its result
            return array
        case ast.Name(id=name) if name not in FUNCTIONS:
            raise SettingError(
                "There is no {name!r} here. Available: {names}.", name=name, names=", ".join([*names, "np"])
            )
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_evaluate_node(part, names) for part in parts]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return np.negative(_bounded_value(_evaluate_node(inner, names)))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            pair = [np.asarray(_evaluate_node(side, names), float) for side in (left, right)]
            _check_result_size(OPERATORS[type(op)], pair)
            return _bounded_value(OPERATORS[type(op)](*pair))
        case ast.Attribute(value=inner, attr="T"):
            return np.asarray(_evaluate_node(inner, names), float).T
        case ast.Attribute(value=inner, attr="shape"):
            return list(np.shape(_evaluate_node(inner, names)))
        case ast.Subscript(value=inner, slice=where):
            return np.asarray(_evaluate_node(inner, names), float)[_parse_subscript(where)]
        case ast.Call(func=function, args=args, keywords=keywords):
            return _call_function(function, args, keywords, names)
    raise SettingError(
        "Not allowed here: {part}. Allowed: numbers, lists, {names}, + - * / @ **, .T, .shape, [slices] and {functions}.",
        part=_node_name(node),
        names=", ".join(names),
        functions=FUNCTION_NAMES,
    )


def _call_function(
    function: ast.AST, args: list[ast.expr], keywords: list[ast.keyword], names: Mapping[str, np.ndarray]
) -> Any:
    """Return the value of a call of one of `FUNCTIONS`. Raise SettingError for any other function."""
    match function:
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in FUNCTIONS:
            pass
        case ast.Name(id=name) if name in FUNCTIONS:
            pass
        case _:
            raise SettingError("There is no such function here. Available: {functions}.", functions=FUNCTION_NAMES)
    if any(word.arg not in ALLOWED_KEYWORDS for word in keywords):
        raise SettingError("The only keyword is axis.")
    values = [_evaluate_node(arg, names) for arg in args]
    call = FUNCTIONS[name]
    if isinstance(call, np.ufunc) and len(values) == 2:
        _check_result_size(call, [np.asarray(v, float) for v in values])
    if name == "clip" and len(values) == 3:
        _check_result_size(np.add, [np.asarray(v, float) for v in values])
    if name not in ("zeros", "ones", "eye", "concatenate"):
        values = [np.asarray(v, float) for v in values]
    return _bounded_value(call(*values, **{str(word.arg): _evaluate_node(word.value, names) for word in keywords}))


def _check_result_size(call: Callable[..., Any], pair: list[np.ndarray]) -> None:
    """Raise SettingError when an operation would give too many numbers; shapes that disagree are left to NumPy."""
    try:
        if call is np.matmul:
            a, b = pair
            size = math.prod(a.shape[:-1] or (1,)) * (b.shape[-1] if b.ndim > 1 else 1)
            size *= math.prod(b.shape[:-2]) if b.ndim > 2 else 1
        else:
            size = math.prod(np.broadcast_shapes(*(p.shape for p in pair)))
    except ValueError:
        return
    if size > ENTRIES:
        raise SettingError("The result would have {size:,} numbers; the limit is {limit:,}.", size=size, limit=ENTRIES)


def _bounded_value(value: Any) -> Any:
    if np.size(value) > ENTRIES:
        raise SettingError("An array may have at most {limit:,} numbers.", limit=ENTRIES)
    return value


def _parse_subscript(node: ast.AST) -> Any:
    """Return the index of a subscript: whole numbers and slices. Raise SettingError for anything else."""
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            return -number
        case ast.Slice(lower=low, upper=high, step=step):
            return slice(*(None if part is None else _parse_subscript(part) for part in (low, high, step)))
        case ast.Tuple(elts=parts):
            return tuple(_parse_subscript(part) for part in parts)
    raise SettingError("An index is a whole number or a slice such as 0:2.")


def _node_name(node: ast.AST) -> str:
    return repr(node.id) if isinstance(node, ast.Name) else type(node).__name__.lower()


def read_matrix(text: str) -> np.ndarray:
    """Return a small matrix from text: rows on lines or after ;, numbers between spaces or commas. Raise SettingError.

    >>> read_matrix("1 2; 3 4")
    array([[1., 2.],
           [3., 4.]])
    """
    rows = [row.replace(",", " ").split() for row in text.replace(";", "\n").split("\n") if row.strip()]
    try:
        matrix = np.array([[float(number) for number in row] for row in rows])
    except ValueError as error:
        raise SettingError("A matrix contains only numbers, and its rows have the same length.") from error
    if matrix.ndim != 2 or not 1 <= matrix.size <= 64 or not np.isfinite(matrix).all():
        raise SettingError("A matrix here has 1 to 64 finite numbers.")
    return matrix
