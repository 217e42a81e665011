"""Damage done to bytes, always the same for one name and number."""

import io
import random
import zipfile
import zlib

# What breaks readers of texts, tables, numbers, dates and markup.
PIECES = [
    *(b"\0", b"\0\0\0\0", b"\x1a", b"\x0c", b"\x1b[0m", b"\x7f", b"\r", b"\r\n", b"\n"),
    *(
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
    ),
    *(
        "\u2028",
        "\u202e",
        "\ufeff",
        "\ufffe",
        "\u0661",
        "\u00b2",
        "\U0001f41f",
        "\u0301",
    ),
    *('"', '""', '"\n', '","', "'", "\\", '\\"', "\\u0000", "\\ud800", ",", ";", "\t"),
    *("<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "<a>", "</a>"),
    *("<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', "&b;", "&#0;", "&#xD800;"),
    *("&amp;", "&#1114112;", '<a xmlns:b="c">', "<b:a/>", 'xml:lang="zz"', "&"),
    *("{", "}", "[", "]", "[[[[[[[[", "{}", "[]", "null", "true", ":", "NaN", "1e999"),
    *("0", "-1", "0.5", "99999999999999999999", "9" * 400, "1" * 5000, "-0", "1e-9"),
    *("0000-00-00", "2008-02-30", "9999-12-31", "10000-01-01", "31/12/08", "(2008)"),
    *(
        "T25:61:61Z",
        "-12:00",
        "1.",
        "1. (C) ",
        "#",
        "---\n",
        "===\n",
        "|",
        "||",
        "%PDF-",
    ),
    *("a" * 3000, " " * 3000, "\n" * 500, "<i>" * 400, "(" * 400, "&lt;" * 100),
]
DAMAGE = [p if isinstance(p, bytes) else p.encode("utf-8") for p in PIECES]
LONGEST_SPAN = 400


def mutated(name, number, samples, others=()):
    """(file name, bytes) of a sample with one to four damages.

    `samples` are pairs of a file name and bytes, `others` bytes to splice in.
    """
    rng = random.Random(f"{name}/{number}")
    file, data = rng.choice(samples)
    if data.startswith(b"PK\x03\x04") and rng.random() < 0.8:
        return file, repacked(rng, data)
    return file, damaged(rng, data, [sample for _, sample in samples] + list(others))


def damaged(rng, data, others):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(WAYS)(rng, data, others)
    return bytes(data)


def repacked(rng, data):
    """An archive one of whose members is damaged, is missing or stands there twice."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given:
        members = {name: given.read(name) for name in given.namelist()}
    chosen = rng.choice(sorted(members))
    if rng.random() < 0.1:
        del members[chosen]
    else:
        members[chosen] = damaged(rng, members[chosen], list(members.values()))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def span(rng, data):
    start = rng.randint(0, len(data))
    return start, min(len(data), start + rng.randint(1, LONGEST_SPAN))


def flip(rng, data, others):
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def delete(rng, data, others):
    start, end = span(rng, data)
    del data[start:end]


def double(rng, data, others):
    start, end = span(rng, data)
    data[end:end] = data[start:end] * rng.choice((1, 1, 2, 20))


def truncate(rng, data, others):
    del data[rng.randint(0, len(data)) :]


def insert(rng, data, others):
    at = rng.randint(0, len(data))
    data[at:at] = rng.choice(DAMAGE)


def overwrite(rng, data, others):
    at = rng.randint(0, len(data))
    piece = rng.choice(DAMAGE)
    data[at : at + len(piece)] = piece


def splice(rng, data, others):
    other = rng.choice(others) if others else b""
    start, end = span(rng, other)
    at = rng.randint(0, len(data))
    data[at:at] = other[start:end]


def replace_word(rng, data, others):
    """A word, or a number, another one or a piece of damage in its place."""
    words = bytes(data).split(b" ")
    instead = rng.choice((rng.choice(DAMAGE), rng.choice(words), b""))
    words[rng.randrange(len(words))] = instead
    data[:] = b" ".join(words)


def replace_number(rng, data, others):
    places = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if places:
        data[rng.choice(places)] = rng.choice(b"0123456789-.e")


def swap_lines(rng, data, others):
    lines = bytes(data).split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    data[:] = b"\n".join(lines)


def repeat_line(rng, data, others):
    lines = bytes(data).split(b"\n")
    at = rng.randrange(len(lines))
    lines[at:at] = [lines[at]] * rng.choice((1, 2, 30))
    data[:] = b"\n".join(lines)


def recode(rng, data, others):
    """The same words in another encoding, or compressed."""
    text = data.decode("utf-8", "replace")
    codec = rng.choice(
        ("utf-16", "utf-16-be", "cp1252", "latin-1", "utf-8-sig", "zlib")
    )
    if codec == "zlib":
        data[:] = zlib.compress(bytes(data))
    else:
        data[:] = text.encode(codec, "replace")


WAYS = [
    *(flip, delete, double, truncate, insert, insert, overwrite, splice),
    *(replace_word, replace_word, replace_number, swap_lines, repeat_line, recode),
]
