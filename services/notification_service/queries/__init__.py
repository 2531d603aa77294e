"""All SQL of notification_service, by subject. Lists go in as arrays: a batch is one statement."""

from services.notification_service.queries import brands, due, ops_records, queue

__all__ = ["brands", "due", "ops_records", "queue"]
