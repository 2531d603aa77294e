"""`python -m services.notification_service`: serve."""

from chassis.serving import serve
from services.notification_service.app import NAME, build
from services.notification_service.settings import Settings

settings = Settings()
serve(NAME, build(settings), settings)
