from .laying import clients, ground, laid  # noqa: F401
