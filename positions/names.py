"""Names and words as they are compared, and the keys made from them.

The database's own case functions are never used: what counts as the same name
or word must not depend on which database is behind it.
"""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Callable
from typing import Any

_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz23456789"
_KEY_LENGTH = 12
_SLUG_LENGTH = 60
_FINGERPRINT_LENGTH = 24

# What people type for an apostrophe, with the letters that transliterators use for
# ayn and hamza; and dotless i, whose capital is the I that every other i has.
_APOSTROPHES = "`\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02be\u02bf"
_ALIKE = {**dict.fromkeys(map(ord, _APOSTROPHES), "'"), ord("\u0131"): "i"}
# Acute accents typed as apostrophes; NFKD would make them a blank and an accent.
_ACUTE_SIGNS = "\u00b4\u1ffd"
# Apostrophe, full stop, middle dot (Catalan l·l), Hebrew geresh and gershayim,
# Arabic tatweel: in a name they join what stands beside them.
_POINTS = dict.fromkeys(map(ord, "'.\u00b7\u05f3\u05f4\u0640"))
# For ASCII the whole of name_key is this table: points go, the rest becomes blank.
_ASCII_KEY = {
    n: None if chr(n) in "'`." else chr(n).lower() if chr(n).isalnum() else " "
    for n in range(128)
}

# The scripts written without blanks between words, and Hangul, where particles
# are glued to names: Han, Hiragana, Katakana, Hangul syllables and letters.
_CHARACTERWISE = (
    "\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u30ff"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U000323af"
)
_TOKEN = re.compile(rf"(?=[^\W_])[{_CHARACTERWISE}]|[^\W_{_CHARACTERWISE}]+")
_ASCII_TOKEN = re.compile(r"[a-z0-9]+")
# For ASCII, words are what is left between blanks.
_ASCII_WORDS = {n: chr(n).lower() if chr(n).isalnum() else " " for n in range(128)}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def name_key(text: str) -> str:
    """The form of a name that uniqueness, matching and search compare.

    NFKD, accents removed, case folded, NFKD again, and composed at the end so that
    Hangul and kana stay legible. Apostrophes, full stops and Arabic tatweel go
    ("Côte d’Ivoire" = "cote divoire", "U.S.A." = "usa"); everything else that is
    neither letter nor number is a blank ("Guinea-Bissau" = "guinea bissau"); blanks
    are collapsed. Idempotent. A name of nothing but signs keeps its signs.
    """
    if text.isascii() and (key := " ".join(text.translate(_ASCII_KEY).split())):
        return key
    folded = _folded(text)
    key = _spaced(folded.translate(_POINTS), lambda c: c.isalnum() or _is_mark(c))
    return unicodedata.normalize("NFC", key or _spaced(folded, str.isprintable))


def tokens(text: str) -> list[str]:
    """The words of a text as search compares them, in order, repetitions kept.

    Folded as in `name_key`, then split at everything that is not a letter or number
    ("Japan's" = japan, s). Chinese, Japanese and Korean are cut into characters, so
    that both databases find any run of them as a phrase. Idempotent:
    `tokens(" ".join(tokens(x))) == tokens(x)`.
    """
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    return _TOKEN.findall(unicodedata.normalize("NFC", _folded(text)))


def token_line(text: str) -> str:
    """The words of `tokens` with blanks between them, perhaps more than one."""
    if text.isascii():
        return text.translate(_ASCII_WORDS)
    return " ".join(tokens(text))


def fingerprint(words: str, *keys: str) -> str:
    """A stable hash (24 hexadecimal digits) of words and of the keys said of them.

    Case, signs and line breaks of the words do not count, nor does their place.
    """
    said = "\x1f".join((" ".join(tokens(words)), *keys))
    return hashlib.sha256(said.encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def slug_of(name: str) -> str:
    """An ASCII slug of at most 60 characters, cut between words if it can be.

    Letters that NFKD does not turn into ASCII are left out; a name without any
    ASCII letter gives "", and the caller falls back to another key.
    """
    words = name_key(name).encode("ascii", "ignore").decode()
    slug = "-".join(_ASCII_TOKEN.findall(words))
    if not re.search("[a-z]", slug):
        return ""
    if len(slug) <= _SLUG_LENGTH:
        return slug
    head, _, _ = slug[: _SLUG_LENGTH + 1].rpartition("-")
    return head or slug[:_SLUG_LENGTH]


def random_key() -> str:
    """Twelve characters from a-z and 2-9: the public key of what has no name."""
    return "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))


def is_storable(text: str) -> bool:
    """Is there neither a NUL nor a lone surrogate in the text?"""
    if text.isascii():
        return "\0" not in text
    return _UNSTORABLE.search(text) is None


def clean_text(text: str) -> str:
    """The text with U+FFFD for each NUL and lone surrogate; offsets stay as they are.

    PostgreSQL stores no NUL, and neither database stores a surrogate.
    """
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


def quoted(value: object, length: int = 60) -> str:
    """A value as a sentence quotes it: one line, printable, not longer than that."""
    line = " ".join(str(value).split())
    short = line if len(line) <= length else line[: length - 1] + "…"
    return f"“{''.join(c if c.isprintable() else '�' for c in short)}”"


def clean_json(value: Any) -> Any:
    """JSON with all its texts cleaned as by `clean_text`, and all its names."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(name)): clean_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(one) for one in value]
    return value


def _folded(text: str) -> str:
    """NFKD, case folded, NFKD again, accents removed, apostrophes made one."""
    for sign in _ACUTE_SIGNS:
        text = text.replace(sign, "'")
    text = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKD", text).translate(_FOLDS)


def _spaced(text: str, keeps: Callable[[str], bool]) -> str:
    """The text with one blank for each run of characters that are not kept."""
    return " ".join("".join(c if keeps(c) else " " for c in text).split())


def _is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "M"


def _is_accent(c: str) -> bool:
    """A mark on a letter, or a character that is not seen (a joiner, a selector).

    Marks that make the letter stay: Indic vowel signs, viramas and nuktas, and the
    voicing of kana (ガ is not カ). Unicode gives those the combining classes 0 and
    7 to 9; accents and points have others.
    """
    category = unicodedata.category(c)
    if category == "Mn":
        return unicodedata.combining(c) not in (0, 7, 8, 9) or _is_selector(c)
    return category in ("Me", "Cf")


def _is_selector(c: str) -> bool:
    """A variation selector, or the combining grapheme joiner."""
    return (
        "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef" or c == "\u034f"
    )


class _Folds(dict[int, int | str | None]):
    """A table for str.translate that drops accents, filled as characters come."""

    def __missing__(self, point: int) -> int | None:
        folded = None if _is_accent(chr(point)) else point
        self[point] = folded
        return folded


_FOLDS = _Folds(_ALIKE)
