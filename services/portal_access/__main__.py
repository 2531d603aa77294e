"""`python -m services.portal_access`: serve."""

from chassis.serving import serve
from services.portal_access.app import NAME, build
from services.portal_access.settings import Settings

settings = Settings()
serve(NAME, build(settings), settings)
