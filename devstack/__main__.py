"""Runs a stack until a signal ends it: python -m devstack FOLDER."""

import sys
from pathlib import Path

from devstack.running import run_foreground

if __name__ == "__main__":
    run_foreground(Path(sys.argv[1]))
