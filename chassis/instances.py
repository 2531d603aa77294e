"""Instances of a service: the first has its name, further ones a number, `portal_access-2`."""


def service_of(instance: str) -> str:
    """Return the name of the service that an instance is of."""
    name, dash, number = instance.rpartition("-")
    return name if dash and number.isdecimal() else instance
