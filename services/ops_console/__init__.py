"""For those who run Portico: how events flow, what waits and stalls, and dead letters put right.

It keeps nothing of its own: what it shows it reads from Kafka and from the services, and what is
decided about a dead letter is written beside it.
"""
