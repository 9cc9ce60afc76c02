"""The rules of the house that a machine can check: each one reads a module and names what stands against the rule."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("shared", "services", "deploy", "scripts")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
NAMELESS = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})
# The last lines of defense: what a handler, a batch or a connection raises ends here, is reported, and the process goes on.
LAST_LINES = frozenset(
    {
        ("shared/plenary_kit/messaging/intake.py", "take"),
        ("shared/plenary_kit/messaging/intake.py", "_take_alone"),
        ("shared/plenary_kit/messaging/rabbit.py", "run"),
    }
)
# Functions that may import, each with its reason.
LATE_IMPORTS = frozenset(
    {
        ("deploy/plenary/commands/deploying.py", "catch_mail"),  # aiosmtpd: an extra for trying out
        ("services/scheduling/plenary_scheduling/program/solver/solve.py", "_improved"),  # OR-tools: an extra of 188 MB, needed by this one call
    }
)
# The clock itself, and what is no instant of ours: the age of a file, which bears the machine's time.
CLOCKS = frozenset({("shared/plenary_kit/persistence/columns.py", "utc_now"), ("deploy/plenary/signals.py", "age_of_sign_of_life")})
TRANSACTIONS = "shared/plenary_kit/persistence/"
READS_OF_THE_CLOCK = re.compile(r"(datetime\.(now|utcnow|today)|date\.today|time\.time)")
BRITISH = re.compile(r"programme|organis(e|a)|cancelled|colour|behaviour|neighbour|centre\b|recognis|serialis|licence", re.IGNORECASE)
FOREIGN = re.compile(r"STATUS:CANCELLED|[\"']cancelled[\"']", re.IGNORECASE)  # iCalendar's own word, and what files from elsewhere say


@dataclass(frozen=True)
class Module:
    """A Python file of the repository; `path` is relative to its root."""

    path: str
    text: str
    tree: ast.Module

    @property
    def of_the_product(self) -> bool:
        """Tell whether it is shipped, or tests what is shipped."""
        return self.path.startswith(PRODUCT)


Rule = Callable[[Module], Iterator[str]]


@cache
def modules(root: Path) -> tuple[Module, ...]:
    """Read every module of the product and its tests, once; released migrations are frozen and left alone."""
    return tuple(_modules(root))


def _modules(root: Path) -> Iterator[Module]:
    for folder in (*PRODUCT, "tests"):
        for path in sorted((root / folder).rglob("*.py")):
            relative = path.relative_to(root).as_posix()
            if "migrations/versions/" not in relative:
                text = path.read_text(encoding="utf-8")
                yield Module(relative, text, ast.parse(text, relative))


def faults(root: Path, rule: Rule) -> list[str]:
    """List what stands against `rule`, as `path: what`."""
    return [f"{module.path}: {fault}" for module in modules(root) for fault in rule(module)]


def names_say_what_is_inside(module: Module) -> Iterator[str]:
    """No module or folder is named after nothing."""
    yield from (f"{part} says nothing about what is inside" for part in Path(module.path).with_suffix("").parts if part in NAMELESS)


def files_are_short(module: Module) -> Iterator[str]:
    """A file fits in a head."""
    lines = len(module.text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{lines} lines, more than {LONGEST_FILE}"


def functions_fit_a_screen(module: Module) -> Iterator[str]:
    """A function fits a screen; what stands in functions inside it counts for those."""
    for function in _functions(module.tree):
        lines = _lines(function) - sum(_lines(inner) for inner in _children(function))
        if lines > LONGEST_FUNCTION:
            yield f"{function.name} has {lines} lines, more than {LONGEST_FUNCTION}"


def broad_excepts_stand_in_the_last_lines(module: Module) -> Iterator[str]:
    """Whatever is not expected rises to the one place that reports it."""
    if not module.of_the_product:
        return
    for name, handler in _within(module.tree, ast.ExceptHandler):
        caught = ast.unparse(handler.type) if handler.type else "everything"
        if re.search(r"\b(Base)?Exception\b|^everything$", caught) and (module.path, name) not in LAST_LINES:
            yield f"{name} catches {caught}"


def imports_stand_at_the_top(module: Module) -> Iterator[str]:
    """What a module needs is said at its top, where everybody, and import-linter, sees it."""
    if not module.of_the_product:
        return
    statements = [*_within(module.tree, ast.Import), *_within(module.tree, ast.ImportFrom)]
    calls = [(name, call) for name, call in _within(module.tree, ast.Call) if ast.unparse(call.func).endswith(("import_module", "__import__"))]
    for name, importing in [*statements, *calls]:
        if name and (module.path, name) not in LATE_IMPORTS:
            yield f"{name} imports inside itself: {ast.unparse(importing)}"


def nothing_prints(module: Module) -> Iterator[str]:
    """The command line speaks through click, services through their log; the bootstrap has only the standard library."""
    if module.of_the_product and not module.path.startswith("scripts/"):
        yield from (f"{name or 'the module'} prints" for name, call in _within(module.tree, ast.Call) if ast.unparse(call.func) == "print")


def time_comes_from_a_clock(module: Module) -> Iterator[str]:
    """One function reads the machine's clock; everything else is handed a clock that a test can turn."""
    if not module.of_the_product:
        return
    for name, call in _within(module.tree, ast.Call):
        if READS_OF_THE_CLOCK.search(ast.unparse(call.func)) and (module.path, name) not in CLOCKS:
            yield f"{name or 'the module'} reads the machine's clock: {ast.unparse(call)}"


def the_kit_alone_commits(module: Module) -> Iterator[str]:
    """Transactions begin and end in the unit of work."""
    if module.path.startswith(TRANSACTIONS) or not module.of_the_product:
        return
    for name, call in _within(module.tree, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"commit", "begin", "begin_nested"}:
            yield f"{name} ends or begins a transaction: {ast.unparse(call.func)}()"


def packages_hold_a_docstring_alone(module: Module) -> Iterator[str]:
    """Nothing is re-exported, and nothing happens when a package is imported."""
    if module.of_the_product and module.path.endswith("__init__.py") and (len(module.tree.body) != 1 or not ast.get_docstring(module.tree)):
        yield "a package's own file holds its docstring and nothing else"


def an_action_is_one_unit_of_work(module: Module) -> Iterator[str]:
    """What belongs together commits together: a function opens one unit of work at most."""
    for function in _functions(module.tree) if module.path.startswith("services/") else ():
        opened = [call for _, call in _within(function, ast.Call) if isinstance(call.func, ast.Attribute) and call.func.attr == "work"]
        if len(opened) > 1:
            yield f"{function.name} opens {len(opened)} units of work"


def actions_alone_announce(module: Module) -> Iterator[str]:
    """A fact is announced by the action that makes it true."""
    if not module.path.startswith(("services/", "deploy/")) or module.path.endswith("/actions.py"):
        return
    for name, call in _within(module.tree, ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "announce":
            yield f"{name or 'the module'} announces a fact"


def no_test_sleeps(module: Module) -> Iterator[str]:
    """A test waits for what it needs, never for a while."""
    for name, call in _within(module.tree, ast.Call):
        if ast.unparse(call.func) in {"time.sleep", "sleep"}:
            yield f"{name} sleeps"


def words_are_american(module: Module) -> Iterator[str]:
    """Names, comments and sentences are in American spelling."""
    if not module.of_the_product:
        return
    for number, line in enumerate(module.text.splitlines(), 1):
        found = BRITISH.search(FOREIGN.sub("", line))
        if found:
            yield f"line {number} says {found[0]!r}"


Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)


def _functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def _children(function: Function) -> Iterator[Function]:
    """Give the functions directly inside a function, at any depth of classes and blocks between."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function):
            yield node
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _within(tree: ast.AST, kind: type[Node], name: str = "") -> Iterator[tuple[str, Node]]:
    """Give each node of a kind with the name of the function that it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, kind):
            yield name, node
        yield from _within(node, kind, node.name if isinstance(node, Function) else name)
