"""The embedded default: Kafka, PostgreSQL, a mail inbox and a supervisor, without Docker."""
