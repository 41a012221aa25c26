"""Tools of others, installed once per run outside the checkout; a test is skipped where that is impossible.

The Python tools get an environment of their own, because what they require is not what the service requires.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import fasteners
import pytest

NPM = (
    "@redocly/cli@2.77.0",
    "@stoplight/spectral-cli@6.16.3",
    "@types/node@20.19.25",
    "openapi-fetch@0.17.0",
    "openapi-typescript@7.13.0",
    "standardwebhooks@1.1.1",
    "typescript@5.9.3",
)
PYPI = ("openapi-python-client==0.29.1", "standardwebhooks==1.1.0")

NPM_QUIETLY = ("--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000")
PIP_QUIETLY = ("--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=10")


def node_folder(run_dir: Path) -> Path:
    """A folder in which programs for Node.js find the packages."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no Node.js here")
    folder = run_dir / "node"
    return _filled(folder, [npm, "install", *NPM_QUIETLY, "--prefix", str(folder), *NPM])


def python_folder(run_dir: Path) -> Path:
    """The folder of the programs of an environment with the packages: `python` is one of them."""
    folder = run_dir / "python"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(programs / "python"), "-m", "pip", "install", *PIP_QUIETLY, *PYPI]
    _filled(folder, [sys.executable, "-m", "venv", str(folder)], pip)
    return programs


def node(folder: Path, package: str, program: str) -> list[str]:
    """The command for a program of an installed package, by its path in the package."""
    return [str(shutil.which("node")), str(folder / "node_modules" / package / program)]


def ran(command: list[str], folder: Path, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """What a program said, whether or not it succeeded."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _filled(folder: Path, *commands: list[str]) -> Path:
    """The folder after the commands, which one worker of a run calls and all others wait for."""
    folder.mkdir(exist_ok=True)
    outcome = folder / "outcome.txt"
    with fasteners.InterProcessLock(folder / "lock"):
        if not outcome.exists():
            outcome.write_text(_fault(commands, folder), encoding="utf-8")
    if fault := outcome.read_text(encoding="utf-8"):
        pytest.skip(f"cannot be installed here: {fault}")
    return folder


def _fault(commands: tuple[list[str], ...], folder: Path) -> str:
    """What kept the commands from being done; nothing when they were."""
    try:
        for command in commands:
            subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    except subprocess.CalledProcessError as error:
        return f"{error.stderr.strip()[:300]}"
    except subprocess.TimeoutExpired as error:
        return f"no answer within {error.timeout:.0f} seconds"
    return ""
