"""`python -m services.invitation_service`: serve."""

from chassis.serving import serve
from services.invitation_service.app import NAME, build
from services.invitation_service.settings import Settings

settings = Settings()
serve(NAME, build(settings), settings)
