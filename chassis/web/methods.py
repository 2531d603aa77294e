"""Which methods an address takes (RFC 9110 10.2.1)."""

from fastapi import Request
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path


def allow(request: Request) -> dict[str, str]:
    """Return the Allow header for a request's address.

    The framework names the methods of the first route alone, where several share an address.
    """
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and compile_path(route.path or "")[0].match(request.url.path):
            methods.update(route.methods)
    return {"Allow": ", ".join(sorted(methods))} if methods else {}
