"""Bytes as they are kept: in the format of zlib, which any reader unpacks."""

import zlib

from isal import isal_zlib

# Six times as quick as the standard library at its usual level, and three percent
# larger on cables.
_LEVEL = 3


def pack(data: bytes) -> bytes:
    return isal_zlib.compress(data, _LEVEL)


def unpack(packed: bytes | memoryview) -> bytes:
    """Raises zlib.error for what was not packed."""
    return zlib.decompress(packed)
