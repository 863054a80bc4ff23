from tests.access.laying import clients, ground, laid  # noqa: F401
