"""Encryption of a push message for one browser: RFC 8291, which uses `aes128gcm` of RFC 8188."""

import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from messaging.models.db.base64url import decoded

CURVE: Final = ec.SECP256R1()
RECORD_SIZE: Final = 4096  # of the one record; push services need not take more (RFC 8030, 7.2)
MOST_BYTES: Final = 3993  # of what is encrypted (RFC 8291, 4)
SECRET_BYTES: Final = 16
POINT_BYTES, UNCOMPRESSED = 65, b"\x04"  # of a public key (RFC 8291, 3.1)
LAST_RECORD: Final = b"\x02"


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as the protocols send it: 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def check_keys(public_key: str, secret: str) -> None:
    """Check the keys of a browser. Raises ValueError if they are malformed."""
    public_bytes = decoded(public_key)
    if len(public_bytes) != POINT_BYTES or not public_bytes.startswith(UNCOMPRESSED):
        raise ValueError("not an uncompressed point")
    ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public_bytes)
    if len(decoded(secret)) != SECRET_BYTES:
        raise ValueError("not 16 bytes")


def encrypt(content: bytes, public_key: str, secret: str) -> bytes:
    """Encrypt a message, with a new key and salt each time.

    Args:
        content: at most `MOST_BYTES`.
        public_key: the browser's `p256dh`, base64url.
        secret: its `auth`, base64url.

    Raises:
        ValueError: the content is too long, or the browser's keys are malformed.
    """
    if len(content) > MOST_BYTES:
        raise ValueError("too long")
    theirs, secret_bytes = decoded(public_key), decoded(secret)
    key, salt = ec.generate_private_key(CURVE), os.urandom(16)
    ours = point(key.public_key())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    keying = _derive(secret_bytes, shared, b"WebPush: info\x00" + theirs + ours, 32)
    content_key = _derive(salt, keying, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, keying, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(content_key).encrypt(nonce, content + LAST_RECORD, None)


def _derive(salt: bytes, keying: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(keying)
