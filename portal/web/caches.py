"""The shared cache on Redis, made so that pages go on while Redis is stopped or frozen.

What is kept there is never the truth: a page that is not found is drawn, a limit that cannot be shared counts in each
process. After one failure Redis is left alone for some seconds, so that no page waits for it twice.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0
MISSED_AT_MOST = 1000
# Limits on sign-in go on counting in this process; anything else is simply not found.
LOCAL_PREFIX = "allauth:"


class OneClient(RedisCacheClient):
    """Keeps the client of each server, which Django makes anew for every question."""

    def __init__(self, servers: Any, **options: Any) -> None:
        super().__init__(servers, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]


class PatientRedisCache(RedisCache):
    """Answer as if the cache were empty while Redis is away; lasting values missed meanwhile are written later.

    ``strict_get`` alone raises ``RedisError``: for the health check.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        options = {
            # One more try at once serves connections that a restart has cut; a Redis that hangs is asked once.
            "socket_timeout": 0.5, "socket_connect_timeout": 0.5,
            "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
            **params.get("OPTIONS", {}),
        }  # fmt: skip
        super().__init__(server, {**params, "OPTIONS": options})
        self._class = OneClient
        self._local = LocMemCache("while-redis-is-away", {})
        self._away_until = 0.0
        self._missed: dict[tuple[str, int | None], Any] = {}

    def _try(self, ask: Callable[[], Any], instead: Callable[[], Any]) -> Any:
        """Return what Redis says to ``ask``, or ``instead`` while it is away."""
        if time.monotonic() < self._away_until:
            return instead()
        try:
            if self._missed:
                self._catch_up()
            return ask()
        except RedisError as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Redis is away, the cache goes without it: %s", error)
            return instead()

    def _catch_up(self) -> None:
        for (key, version), value in list(self._missed.items()):
            super().set(key, value, None, version=version)
            self._missed.pop((key, version), None)

    def strict_get(self, key: str) -> Any:
        return super().get(key)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        def instead() -> Any:
            return self._local.get(key, default, version) if key.startswith(LOCAL_PREFIX) else default

        return self._try(lambda: super(PatientRedisCache, self).get(key, default, version), instead)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        def instead() -> None:
            if key.startswith(LOCAL_PREFIX):
                self._local.set(key, value, timeout, version)
            elif timeout is None and len(self._missed) < MISSED_AT_MOST:
                self._missed[key, version] = value

        self._try(lambda: super(PatientRedisCache, self).set(key, value, timeout, version), instead)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        def instead() -> bool:
            return self._local.add(key, value, timeout, version) if key.startswith(LOCAL_PREFIX) else True

        return bool(self._try(lambda: super(PatientRedisCache, self).add(key, value, timeout, version), instead))

    def delete(self, key: str, version: int | None = None) -> bool:
        def instead() -> bool:
            return self._local.delete(key, version) if key.startswith(LOCAL_PREFIX) else False

        return bool(self._try(lambda: super(PatientRedisCache, self).delete(key, version), instead))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(PatientRedisCache, self).touch(key, timeout, version), lambda: False))

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(PatientRedisCache, self).has_key(key, version), lambda: False))

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        return self._try(lambda: super(PatientRedisCache, self).get_many(keys, version), dict)

    def set_many(self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[str]:
        return self._try(lambda: super(PatientRedisCache, self).set_many(data, timeout, version), list)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._try(lambda: super(PatientRedisCache, self).delete_many(keys, version), lambda: None)

    def clear(self) -> bool:
        return bool(self._try(lambda: super(PatientRedisCache, self).clear(), lambda: False))


_shared: dict[str, PatientRedisCache] = {}


def shared_redis_cache(server: Any, params: dict[str, Any]) -> PatientRedisCache:
    """Return the cache of this process.

    Django makes a cache for each context, and under ASGI each request is one: each would connect to Redis anew, and
    learn anew that it is away.
    """
    if str(server) not in _shared:
        _shared[str(server)] = PatientRedisCache(server, params)
    return _shared[str(server)]
