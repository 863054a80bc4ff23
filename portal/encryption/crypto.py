"""Encrypt short texts with the key ring of the settings, and index them without storing them in clear.

A stored value is ``v1:<key id>:<base64url of nonce and ciphertext>``: AES-256-GCM under a key derived from one entry of
``settings.FIELD_KEYS``. The first entry writes, every entry reads; ``rotate_field_keys`` moves old values to the first.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
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
    if not text:
        return ""
    key_id, cipher = _key(settings.FIELD_KEYS[0])
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + cipher.encrypt(nonce, text.encode(), VERSION.encode())
    return f"{VERSION}:{key_id}:{urlsafe_b64encode(sealed).decode()}"


def decrypt(stored: str) -> str:
    """Return the text behind ``stored``; raise ``UndecryptableError`` when the ring lacks its key or it was altered."""
    if not stored:
        return ""
    version, _, rest = stored.partition(":")
    key_id, _, payload = rest.partition(":")
    cipher = dict(_key(entry) for entry in settings.FIELD_KEYS).get(key_id)
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
