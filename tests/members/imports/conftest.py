from tests.portal.imports.conftest import bring, media, roster_row  # noqa: F401
