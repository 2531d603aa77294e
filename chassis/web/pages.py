"""HTML pages: Jinja with the shared components, and error pages that say what to do."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from chassis.web import csrf

HERE = Path(__file__).parent


class Pages:
    """Renders a service's templates, which may use the shared ones by their names."""

    def __init__(self, templates: Path) -> None:
        loaders = [FileSystemLoader(templates), FileSystemLoader(HERE / "templates")]
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Return a page; its template sees `request`, `csrf_token` and the given values."""
        secret, is_new = csrf.secret_of(request)
        token = csrf.token_for(request, secret)
        html = self._environment.get_template(template).render(
            request=request, csrf_token=token, **values
        )
        response = HTMLResponse(html, status_code=status)
        if is_new:
            csrf.set_secret(request, response, secret)
        return response


def wants_page(request: Request) -> bool:
    """Tell whether a person's browser asks, rather than a program."""
    return "text/html" in request.headers.get("accept", "")
