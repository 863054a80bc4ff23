"""The environment in which tests run, set before Django reads its settings."""

import os
import tempfile

_data = tempfile.mkdtemp(prefix="portal-test-")
os.environ.setdefault("PORTAL_DATA", _data)
os.environ.setdefault("PORTAL_SECRET_KEY", "test-secret-key-that-is-long-enough-for-the-deployment-checks-0123456789")
os.environ.setdefault("PORTAL_FIELD_KEYS", "test-field-key")
os.environ.setdefault("PORTAL_INDEX_KEY", "test-index-key")
os.environ.setdefault("PORTAL_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("PORTAL_SECOND_FACTOR", "false")
os.environ.setdefault("EMAIL_URL", "memorymail://")
