"""Wires ops_console: settings, what it watches, sign-in, pages. It has no database."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from chassis.broker import Broker
from chassis.security.service_calls import Signer
from chassis.web import keys
from chassis.web.app import create_app
from chassis.web.csrf import CookieSettings
from chassis.web.sessions import SessionCookie
from services.ops_console import sweeper
from services.ops_console.collector import Collector
from services.ops_console.pages import (
    audit,
    dead_letters,
    events,
    flow,
    organizations,
    plots,
    sign_in,
    trace,
)
from services.ops_console.service_metrics import ServiceMetrics
from services.ops_console.service_records import ServiceRecords
from services.ops_console.settings import Settings
from services.ops_console.sign_ins import SignIns
from services.ops_console.visits import SignInNeededError

NAME = "ops_console"

_HERE = Path(__file__).parent


def build(settings: Settings) -> FastAPI:
    """Make the service from its settings; it starts with the app's lifespan."""
    metrics = ServiceMetrics(settings.ops_services)
    collector = Collector(settings.kafka_bootstrap_servers, metrics)
    secure = settings.ops_url.startswith("https://")
    broker = Broker(settings.kafka_bootstrap_servers)
    signer = Signer(NAME, settings.ops_signing_key) if settings.ops_signing_key else None
    known = ServiceRecords(settings.ops_services, signer)
    cookie, sign_ins = (
        SessionCookie("portico_ops", secure),
        SignIns({name: user.password for name, user in settings.ops_users.items()}),
    )

    async def kafka() -> str | None:
        return "no broker answers" if collector.kafka_is_away else None

    app = create_app(
        NAME,
        _HERE / "templates",
        {
            "collector": collector.run,
            "sweeper": partial(
                sweeper.run, settings.kafka_bootstrap_servers, settings.ops_keep_decided_days
            ),
        },
        {"kafka": kafka},
        [metrics.close, known.close, broker.close],
        CookieSettings(settings.ops_secret, secure),
    )
    app.state.sign_ins, app.state.session_cookie = sign_ins, cookie
    app.state.roles = {name: user.role for name, user in settings.ops_users.items()}
    app.mount("/assets", StaticFiles(directory=_HERE / "static"))
    app.include_router(sign_in.routes(sign_ins, cookie, broker))
    app.include_router(flow.routes(collector))
    app.include_router(plots.routes(collector))
    app.include_router(organizations.routes(settings.kafka_bootstrap_servers))
    app.include_router(events.routes(broker, settings.ops_trace_url))
    app.include_router(audit.routes(settings.kafka_bootstrap_servers))
    if signer:
        app.include_router(keys.routes(signer))
    app.include_router(trace.routes(broker, known, settings.emr_url, settings.ops_trace_url))
    app.include_router(dead_letters.routes(settings.kafka_bootstrap_servers, broker))

    @app.exception_handler(SignInNeededError)
    async def sign_in_first(_request: Request, _error: SignInNeededError) -> Response:
        return RedirectResponse("/sign-in", 303)

    return app
