"""The chassis on a Kafka and a PostgreSQL of its own, which may be killed."""
