"""Clients as generators make them of the contract, compiled, with two programs each that use them."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.commands.contract import CONTRACT, SDK_CONTRACT
from tests.sdk.packages import node, node_folder, python_folder, ran

PROGRAMS = Path(__file__).parent


@dataclass(frozen=True)
class Generated:
    """A compiled client: the commands of its programs, and what the generator complained of."""

    folder: Path
    calls: list[str]
    receives: list[str]
    complaints: str = ""

    def call(self, **variables: str) -> Any:
        """What the program that calls the service got."""
        return json.loads(done(self.calls, self.folder, **variables).stdout)

    def receive(self, body: bytes, headers: dict[str, str], secret: str) -> Any:
        """What the program that is sent a delivery makes of it."""
        delivery = {"body": body.decode(), "headers": headers, "secret": secret}
        return json.loads(done(self.receives, self.folder, json.dumps(delivery)).stdout)


def done(command: list[str], folder: Path, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """What a program said that must succeed."""
    ended = ran(command, folder, given, **variables)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def python_client(run_dir: Path, folder: Path) -> Generated:
    """The client of openapi-python-client: every module compiled and imported."""
    programs = python_folder(run_dir)
    python = str(programs / "python")
    settings = folder / "settings.json"
    settings.write_text(json.dumps({"post_hooks": []}), encoding="utf-8")
    package = folder / "championed_client"
    generate = [str(programs / "openapi-python-client"), "generate", "--meta", "none", "--config", str(settings)]
    made = done([*generate, "--path", str(SDK_CONTRACT), "--output-path", str(package)], folder)
    modules = sorted(path.relative_to(folder).with_suffix("") for path in package.rglob("*.py"))
    names = [".".join(module.parts).removesuffix(".__init__") for module in modules]
    (folder / "everything.py").write_text("".join(f"import {name}\n" for name in names), encoding="utf-8")
    done([python, "-m", "compileall", "-q", package.name], folder)
    done([python, "everything.py"], folder)
    calls, receives = (str(shutil.copy(PROGRAMS / f"{name}.py", folder)) for name in ("calls", "receives"))
    return Generated(folder, [python, calls], [python, receives], made.stdout + made.stderr)


def typescript_client(run_dir: Path) -> Generated:
    """The types of openapi-typescript, for openapi-fetch: everything compiled with all checks on."""
    tools = node_folder(run_dir)
    folder = Path(tempfile.mkdtemp(prefix="client-", dir=tools))  # packages are looked for in the folders above
    (folder / "package.json").write_text(json.dumps({"type": "module"}), encoding="utf-8")
    generate = node(tools, "openapi-typescript", "bin/cli.js")
    # Members of a request that have a default may be left out.
    done([*generate, str(CONTRACT), "--output", "schema.ts", "--default-non-nullable=false"], folder)
    sources = [Path(shutil.copy(PROGRAMS / f"{name}.ts", folder)).name for name in ("calls", "receives")]
    options = ["--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "node16", "--types", "node"]
    done([*node(tools, "typescript", "bin/tsc"), *options, "--skipLibCheck", "schema.ts", *sources], folder)
    interpreter = str(shutil.which("node"))
    return Generated(folder, [interpreter, "calls.js"], [interpreter, "receives.js"])
