"""Runs the service: `python -m services.ops_console`."""

from chassis.serving import serve
from services.ops_console.app import NAME, build
from services.ops_console.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    serve(NAME, build(settings), settings)
