"""Rules of this code base that a machine can watch; each message says what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tenancy.tables import owned_tables

ROOT = Path(__file__).parents[1]
PRODUCT = sorted((ROOT / "api").rglob("*.py"))
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py"))
MODULES = {path.relative_to(ROOT).as_posix(): path for path in PRODUCT}

COMMITS = {
    "api/platform/transactions.py",  # requests
    "api/platform/claims.py",  # leases, which workers take
    "api/platform/migrations.py",
    "api/clock/routes.py",  # one transaction per application, so the route has several
    "api/clock/service.py",
    "api/commands/rebuilding.py",
    "api/commands/writing.py",
}
"""Where a transaction may be ended, besides the worker's steps (`steps.py`)."""

WAY_OUT = {
    "api/platform/db.py",
    "api/platform/claims.py",  # the first step: which workspaces have work due
    "api/policy/steps.py",
    "api/clock/steps.py",
    "api/webhooks/due.py",  # the first step of claiming deliveries
    "api/webhooks/putting_aside.py",
    "api/webhooks/retention.py",
    "api/workspaces/steps.py",
    "api/demo/story.py",
    "api/commands/keys.py",
    "api/commands/rebuilding.py",
    "api/commands/secrets.py",
    "api/commands/welcome.py",
}
"""The files that may contain `open_system`, whose statements no policy binds."""

CLOCKS = {"api/main.py"}
"""Where real time enters; everything below is given it."""

ENVIRONMENT = {"api/platform/settings.py", "api/platform/embedded_postgres.py", "api/platform/server_user.py"}
RANDOM = {
    "api/platform/auth.py",  # secrets of keys
    "api/platform/embedded_postgres.py",  # the password of the embedded server
    "api/platform/edge.py",  # ids of requests
    "api/platform/hook_tokens.py",  # secret addresses
    "api/platform/signing.py",  # secrets that webhooks are signed with
    "api/platform/ids.py",
    "api/models/base.py",
    "api/models/inbound.py",
    "api/models/workspace.py",
    "api/commands/contract.py",  # the name of a scratch database
}

NOW = re.compile(
    r"(^|/)(routes|verbs|steps|locks|paths|places|\w+_routes|\w+_steps)\.py$|^api/(clock|commands)/|^api/platform/"
)
"""Where `session.now()` may be asked: at the edges and where locks are taken."""

FORBIDDEN = {
    r"\bonly referred": "says too little of the person",
    r"\bmerely referred": "says too little of the person",
    r"\bunsupported\b(?! media)": "judges the candidate; name what is there",
    r"\btenants?\b": "say workspace",
    r"\btouchpoints?\b": "say act or interaction",
    r"\brequisitions?\b": "say job",
    r"\bsponsor(s|ship)?\b": "say advocate, advocacy",
}

COMPUTED = re.compile(r"where \.\.\.")
LONGEST_FILE, USUAL_FILE = 300, 200
LISTS = {"api/domain/vocabulary.py"}
"""Files that may be longer: a list of closed sets has no parts to be split into."""
LONG_TESTS = 450
LONGEST_FUNCTION, USUAL_FUNCTION = 40, 20


def found(pattern: str, *, apart_from: object = ()) -> set[str]:
    """The modules whose code matches, besides the given."""
    matching = {name for name, path in MODULES.items() if re.search(pattern, code(path), re.MULTILINE)}
    return matching - set(apart_from)  # type: ignore[call-overload]


def code(path: Path) -> str:
    """The text of a module without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """The functions of a module with their lengths, docstrings apart."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                length -= (first.end_lineno or 0) - first.lineno + 1
            yield node.name, length


def test_transactions_end_at_the_edges_only() -> None:
    inside = found(r"\.(commit|rollback)\(\)", apart_from=COMMITS)
    assert {name for name in inside if not name.endswith("steps.py")} == set()


def test_the_way_out_of_a_workspace_is_taken_where_listed() -> None:
    assert found(r"\bopen_system\b", apart_from=WAY_OUT) == set()
    assert WAY_OUT - found(r"\bopen_system\b") == set(), "take these off the list"


def test_time_environment_and_chance_enter_at_the_edge() -> None:
    assert found(r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(|\btime\.time\(", apart_from=CLOCKS) == set()
    assert found(r"\bos\.(environ|getenv)", apart_from=ENVIRONMENT) == set()
    assert found(r"\buuid[147]\b|^(import|from) (random|secrets)\b", apart_from=RANDOM) == set()


def test_the_time_is_read_where_locks_are_held() -> None:
    assert {name for name in found(r"\bsession\.now\(\)") if not NOW.search(name)} == set()


def test_imports_stand_at_the_top() -> None:
    inside = [
        f"{name}:{node.lineno}"
        for name, path in MODULES.items()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_written_sql_names_the_workspace() -> None:
    """Here for what no request of the suite reaches; what is sent is looked at table by table elsewhere."""
    tables = "|".join(table.name for table in owned_tables())
    statement = re.compile(rf'\b(from|join|update|into)\s+"?({tables})\b', re.IGNORECASE)
    # Conditions that are put together stand in a variable; those are looked at when they are sent.
    careless = [
        f"{name}: {text.strip()[:80]}"
        for name, path in MODULES.items()
        for text in _texts(path)
        if statement.search(text) and re.match(r"\s*(select|with|insert|update|delete)\b", text, re.IGNORECASE)
        if "workspace_id" not in text and not COMPUTED.search(text)
    ]
    assert careless == []


def _texts(path: Path) -> Iterator[str]:
    parts: set[ast.AST] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            parts.update(node.values)
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "..." for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            yield node.value


@pytest.mark.parametrize(("paths", "longest"), [(PRODUCT, LONGEST_FILE), (TESTS, LONG_TESTS)], ids=["product", "tests"])
def test_files_are_short(paths: list[Path], longest: int) -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert {name for name, length in lengths.items() if length > longest} <= LISTS
    if paths is PRODUCT:
        assert sum(length <= USUAL_FILE for length in lengths.values()) >= 0.9 * len(lengths)


def test_functions_are_short() -> None:
    lengths = {f"{path.relative_to(ROOT)}:{name}": length for path in PRODUCT for name, length in functions(path)}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert sum(length <= USUAL_FUNCTION for length in lengths.values()) >= 0.9 * len(lengths)


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_product_uses_its_own_words(pattern: str) -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in [*PRODUCT, *(ROOT / "openapi").rglob("*.md")]}
    texts = {path: re.sub(r"Never write [^.]*\.", "", text) for path, text in texts.items()}
    using = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]
    assert using == [], FORBIDDEN[pattern]


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "manager", "base_service"}
    assert [name for name, path in MODULES.items() if path.stem in drawers] == []


def test_every_test_asserts_something() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not any(isinstance(part, ast.Assert | ast.With | ast.AsyncWith | ast.Call) for part in ast.walk(node))
    ]
    assert silent == []
