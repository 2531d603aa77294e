"""For ops people: how events flow between the services, what waits, and what stalls.

It keeps nothing: what it shows it reads from Kafka and from the services, second by second.
"""
