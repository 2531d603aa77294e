"""A session's cookie: out of reach of scripts and other sites."""

from http.cookies import SimpleCookie

import pytest
from fastapi import Request
from fastapi.responses import Response

from chassis.web.sessions import SessionCookie


def request_with(cookie: str) -> Request:
    return Request({"type": "http", "headers": [(b"cookie", cookie.encode())]})


def set_cookie(response: Response) -> str:
    return response.headers["set-cookie"]


@pytest.mark.parametrize("secure", [True, False])
def test_the_browser_sends_back_what_it_got(secure: bool) -> None:
    cookie, response = SessionCookie("portal_session", secure), Response()
    cookie.set(response, "a-token")
    sent = SimpleCookie(set_cookie(response))["portal_session"]
    assert cookie.token(request_with(f"portal_session={sent.value}")) == "a-token"
    assert sent["httponly"]
    assert sent["samesite"] == "lax"
    assert bool(sent["secure"]) is secure
    assert not sent["max-age"], "it ends with the browser"


def test_another_services_cookie_is_not_ours() -> None:
    cookie = SessionCookie("portal_session", secure=False)
    assert cookie.token(request_with("staff_session=a-token")) is None


def test_signing_out_takes_the_cookie_back() -> None:
    cookie, response = SessionCookie("portal_session", secure=True), Response()
    cookie.clear(response)
    assert SimpleCookie(set_cookie(response))["portal_session"]["max-age"] == "0"
