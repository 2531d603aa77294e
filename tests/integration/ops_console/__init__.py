"""The console's background work, on a real Kafka."""
