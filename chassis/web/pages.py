"""HTML pages: Jinja with the shared components, and error pages that say what to do."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from chassis.web import csrf, languages, zones
from chassis.web.languages import Languages

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
            extensions=["jinja2.ext.i18n"],
        )
        self.languages = Languages(templates.parent / "translations")
        self._environment.install_gettext_callables(  # type: ignore[attr-defined] # the extension's
            languages.gettext, languages.ngettext, newstyle=True
        )
        self._environment.filters |= {
            "day": languages.in_words,
            "weekday": languages.weekday,
            "clock": languages.clock,
            "zone": languages.zone,
            "here": zones.here,
            "phone": languages.phone,
            "language_name": languages.name_of,
            "number": languages.number,
        }

    def render(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """Return a page; its template sees what is named below, and the given values."""
        secret, is_new = csrf.secret_of(request)
        token = csrf.token_for(request, secret)
        html = self._environment.get_template(template).render(
            request=request,
            csrf_token=token,
            language=languages.language(),
            languages=self.languages.codes,
            language_of_mail=self.languages.of_mail(request),
            **values,
        )
        response = HTMLResponse(html, status_code=status)
        if is_new:
            csrf.set_secret(request, response, secret)
        return response


def wants_page(request: Request) -> bool:
    """Tell whether a person's browser asks, rather than a program; an API has no pages."""
    is_api = request.url.path.startswith("/api/")
    return not is_api and "text/html" in request.headers.get("accept", "")
