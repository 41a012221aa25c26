"""Packages from npm, in a folder outside the checkout."""

import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = ("standardwebhooks@1.1.1", "typescript@5.9.3", "@types/node@20.19.25")


def installed(folder: Path) -> Path:
    """The folder with the packages in it; the test is skipped where there is no Node or no registry."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("there is no Node.js here")
    quietly = ("--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1", "--prefix", str(folder))
    try:
        command = [npm, "install", *quietly, *PACKAGES]
        subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=True)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"npm cannot install here: {error.stderr.strip()[-300:]}")
    except subprocess.TimeoutExpired:
        pytest.skip("npm cannot install here: its registry does not answer")
    return folder
