"""What invitation_service reads from the environment, besides the chassis' settings."""

from chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """The seal's key, whom to trust, and how patient to be."""

    seal_key: str
    """Base64 of 32 bytes; notification_service has the same."""
    jwks_url: str
    """Where portal_access publishes the keys that sign its calls."""
    unknown_grace_seconds: float = 5.0
    """How long a request waits for news of a chart that nobody has heard of yet."""
    sweep_seconds: float = 1.0
    """How often what is due is looked for: expired invitations, requests that waited in vain."""
