"""The command `portico`: the stack, the demo, and what goes in and out of Kafka and the charts."""
