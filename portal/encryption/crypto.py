"""Encrypt short texts with the key ring of the settings, and index them without storing them in clear.

A stored value is ``v1:<key id>:<base64url of nonce and ciphertext>``: AES-256-GCM under a key derived from one entry of
``settings.FIELD_KEYS``. The first entry writes, every entry reads; ``rotate_field_keys`` moves old values to the first.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = "v1"
_NONCE_BYTES = 12


class UndecryptableError(Exception):
    """A stored value that no key of the ring opens."""


@lru_cache(maxsize=16)
def _key(entry: str) -> tuple[str, AESGCM]:
    """Return the public id and the cipher of one entry of the ring."""
    material = HKDF(algorithm=SHA256(), length=36, salt=None, info=b"portal field key v1").derive(entry.encode())
    return material[32:].hex(), AESGCM(material[:32])


def key_ids() -> list[str]:
    """Return the ids of the ring's keys; the first is the one that writes."""
    return [_key(entry)[0] for entry in settings.FIELD_KEYS]


def prefixes() -> list[str]:
    """Return what stored values begin with, per key of the ring."""
    return [f"{VERSION}:{key_id}:" for key_id in key_ids()]


def encrypt(text: str) -> str:
    """Return ``text`` encrypted under the first key; the empty text stays empty."""
    return encrypt_all([text])[0] if text else ""


def encrypt_all(texts: Sequence[str]) -> list[str]:
    """Return each of ``texts`` encrypted as by ``encrypt``, with one call for the chance of all."""
    key_id, cipher = _key(settings.FIELD_KEYS[0])
    prefix, version, seal = f"{VERSION}:{key_id}:", VERSION.encode(), cipher.encrypt
    chance = os.urandom(_NONCE_BYTES * len(texts))
    nonces = (chance[start : start + _NONCE_BYTES] for start in range(0, len(chance), _NONCE_BYTES))
    return [
        prefix + urlsafe_b64encode(nonce + seal(nonce, text.encode(), version)).decode() if text else ""
        for nonce, text in zip(nonces, texts, strict=True)
    ]


def decrypt(stored: str) -> str:
    """Return the text behind ``stored``; raise ``UndecryptableError`` when the ring lacks its key or it was altered."""
    return decrypt_all([stored])[0] if stored else ""


def decrypt_all(stored: Sequence[str]) -> list[str]:
    """Return the text behind each of ``stored`` as ``decrypt`` does, asking the ring once."""
    ring = dict(_key(entry) for entry in settings.FIELD_KEYS)
    return [_open(value, ring) if value else "" for value in stored]


def _open(stored: str, ring: Mapping[str, AESGCM]) -> str:
    version, _, rest = stored.partition(":")
    key_id, _, payload = rest.partition(":")
    cipher = ring.get(key_id)
    if version != VERSION or cipher is None:
        raise UndecryptableError("No key of PORTAL_FIELD_KEYS opens this value.")
    try:
        sealed = urlsafe_b64decode(payload)
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], VERSION.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise UndecryptableError("An encrypted value was altered.") from error


def blind_index(value: str) -> str:
    """Return the keyed hash (64 hex digits) under which an encrypted ``value`` is looked up; empty stays empty.

    Blanks around the value and the case of letters do not count.
    """
    plain = value.strip().upper()
    return hmac.digest(settings.INDEX_KEY.encode(), plain.encode(), "sha256").hex() if plain else ""


def blind_indexes(values: Sequence[str]) -> list[str]:
    """Return the blind index of each of ``values``, from one hash that already holds the key."""
    keyed = HMAC(settings.INDEX_KEY.encode(), SHA256())

    def index(plain: str) -> str:
        state = keyed.copy()
        state.update(plain.encode())
        return state.finalize().hex()

    return [index(plain) if (plain := value.strip().upper()) else "" for value in values]
