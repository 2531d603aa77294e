"""Runs the inbox: python -m devstack.inbox."""

import uvicorn
import uvloop

from devstack.inbox.app import create_app
from devstack.inbox.mailbox import Mailbox
from devstack.inbox.settings import Settings
from devstack.inbox.smtp import serve_smtp


async def serve(settings: Settings) -> None:
    """Serve SMTP and HTTP until a signal ends it.

    Raises:
        OSError: A port is taken.
    """
    mailbox = Mailbox(settings.capacity)
    app = create_app(mailbox, settings.host)
    async with await serve_smtp(mailbox, settings.host, settings.smtp_port):
        config = uvicorn.Config(
            app, host=settings.host, port=settings.http_port, access_log=False, log_level="warning"
        )
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(Settings()))
