"""`python -m services.chart_service`: serve."""

from chassis.serving import serve
from services.chart_service.app import NAME, build
from services.chart_service.settings import Settings

settings = Settings()
serve(NAME, build(settings), settings)
