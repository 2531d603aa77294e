"""Runs a stack until a signal ends it: python -m devstack FOLDER."""

import sys
from pathlib import Path

from devstack.control import run_foreground

if __name__ == "__main__":
    run_foreground(Path(sys.argv[1]))
