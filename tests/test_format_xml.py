"""XML that nobody vouches for: limits, refusals, and words laid out as text."""

import pytest
from guarding import hang_guard
from hypothesis import given
from hypothesis import strategies as st
from trees import BAD

from ingest.formats import xml
from ingest.formats.xml_text import Appended, Flow, Shape, lay_out, named
from ingest.records import ImportFault, rebuild

SHAPE = Shape(
    blocks=named("p", "div", "row"),
    breaks={"lb": "\n", "cell": " | "},
    lifted=named("note"),
    spans=named("remark"),
    points=named("pb"),
    glued=lambda e: e.get("join") == "right",
)


def laid(text):
    return lay_out(xml.parse(text.encode(), "test.xml"), SHAPE)


def blocks(layout):
    return [layout.text[b.start : b.end] for b in layout.blocks]


# -- parsing --------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "reason"), BAD)
def test_what_cannot_be_read_is_refused_in_a_sentence(data, reason):
    with pytest.raises(ImportFault, match=reason) as fault:
        xml.parse(data, "test.xml", "d1")
    assert fault.value.file == "test.xml"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a>&lt;&amp;&#233;</a>", "<&é"),
        ("<a>é</a>".encode("utf-16"), "é"),
        (
            '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"),
            "é",
        ),
        (b"\xef\xbb\xbf<a>x</a>", "x"),
        (b"<a><![CDATA[<x>]]></a>", "<x>"),
        (b"<!DOCTYPE a><a>x</a>", "x"),
        (b'<a xml:id="x">x<b xml:id="x"/></a>', "x"),
    ],
)
def test_what_can_be_read_is(data, text):
    assert xml.character_data(xml.parse(data, "test.xml")) == text


def test_a_broken_line_parts_two_words():
    tree = xml.parse(b"<a>No. 20.<lb/>Mr. A <hi>to<br/></hi>Mr. B</a>", "test.xml")
    assert xml.words(tree) == "No. 20. Mr. A to Mr. B"


def test_signs_within_an_attribute_are_no_attributes():
    words = b"<w msd='a=b|c=d|e=f|g=h'/>" * 120_000
    tree = xml.parse(b"<TEI>" + words + b"</TEI>", "test.xml")
    assert len(tree) == 120_000


def test_a_dtd_that_is_named_is_not_even_opened(tmp_path):
    # libxml2 would read it, and fail on it, although it was told to load no DTD.
    named_by_it = tmp_path / "words.dtd"
    named_by_it.write_text("This is no DTD.")
    data = f'<!DOCTYPE a SYSTEM "{named_by_it.as_uri()}"><a>x</a>'.encode()
    assert xml.parse(data, "test.xml").text == "x"


def test_a_file_named_by_an_entity_never_shows(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    for entity in (
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>',
        f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a b="&x;"/>',
        '<!DOCTYPE a [<!ENTITY x "inside">]><a b="&x;">c</a>',
    ):
        with pytest.raises(ImportFault) as fault:
            xml.parse(entity.encode(), "test.xml")
        assert "secret" not in fault.value.reason
        assert "entity" in fault.value.reason


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"<TEI xmlns='x'>", True),
        (b"<?xml version='1.0'?>\n<!-- x --><tei:TEI>", True),
        ("<TEI>".encode("utf-16"), True),
        (b"<TEIx>", False),
        (b"TEI", False),
        (b"<html>", False),
    ],
)
def test_a_kind_of_file_is_known_by_its_first_element(head, found):
    assert xml.begins_with(head, ("TEI",)) is found


@given(st.binary(max_size=80))
def test_any_bytes_are_a_tree_or_a_fault(data):
    try:
        root = xml.parse(data, "test.xml")
    except ImportFault as fault:
        root, reason = None, fault.reason
    assert reason.endswith(".") if root is None else xml.tag(root)


def test_equal_trees_give_equal_bytes():
    one = b'<a xmlns="u" c="2" b="1"><!-- x --><d/></a>'
    other = b"<a  b='1' c='2' xmlns='u'><d></d></a>"
    trees = [xml.parse(data, "test.xml") for data in (one, other)]
    assert xml.canonical(trees[0]) == xml.canonical(trees[1])
    assert xml.canonical(trees[0]) == b'<a xmlns="u" b="1" c="2"><d></d></a>'


# -- words laid out -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ("<div><p>One\n   two</p><p> three </p></div>", "One two\n\nthree"),
        ("<div>loose<p>a</p>ends</div>", "loose\n\na\n\nends"),
        ("<p>a<hi>b</hi>c</p>", "abc"),
        ("<p>a <hi> b </hi> c</p>", "a b c"),
        ("<p>a<lb/>b</p>", "a\nb"),
        ("<row><cell>a</cell><cell>b</cell></row>", "a | b"),
        ("<p>said<note>not said</note>, so</p>", "said, so"),
        ("<p>said <note>not said</note> so</p>", "said so"),
        ("<p>a<!-- x -->b<?y z?>c</p>", "abc"),
        ("<p>a\u00a0 b</p>", "a\u00a0 b"),
        ("<p><w join='right'>no</w>\n<w>one</w> <w>x</w></p>", "noone x"),
        ("<div><p/><p> </p><p>\u00a0</p></div>", ""),
    ],
)
def test_blanks_collapse_and_blocks_stand_apart(tree, text):
    layout = laid(tree)
    assert layout.text.strip() == text
    root = xml.parse(tree.encode(), "test.xml")
    assert rebuild(layout.text, layout.patches) == xml.character_data(root)


def test_a_block_inside_another_cuts_it_in_two():
    layout = laid("<div><p>a<p>b</p>c</p><p/></div>")
    assert blocks(layout) == ["a", "b", "c"]
    outer, inner, again = (block.element for block in layout.blocks)
    assert (outer is again, inner is outer) == (True, False)


def test_what_is_lifted_stands_where_its_mark_stood():
    layout = laid("<div><p>first</p><p>before<note>x</note> after</p></div>")
    (lifted,) = layout.lifted
    assert layout.text[: lifted.start] == "first\n\nbefore"


def test_a_paragraph_is_of_the_page_it_begins_on():
    layout = laid("<div><pb n='1'/><p>a <pb n='2'/>b</p><p><pb n='3'/>c</p></div>")
    pages = [layout.point_before(b.start).get("n") for b in layout.blocks]
    assert pages == ["1", "3"]
    assert laid("<p>a</p>").point_before(0) is None


def test_spans_are_told_by_their_place_in_a_block():
    layout = laid("<div><p>a <remark>b <remark>c</remark></remark></p><p>d</p></div>")
    assert [list(layout.spans_in(b)) for b in layout.blocks] == [[(2, 5)], []]


def test_what_is_appended_is_no_part_of_the_raw_text():
    layout = laid("<p>a  b</p>")
    put = Appended(layout.text, layout.patches)
    assert [put.add("note"), put.add("other")] == [(5, 9), (11, 16)]
    assert put.text == "a b\n\nnote\n\nother"
    assert rebuild(put.text, put.patches) == "a  b"
    assert Appended("", ()).add("x") == (0, 1)


TREES = st.recursive(
    st.text(st.sampled_from("ab \n\t\u00a0"), max_size=6),
    lambda inner: st.tuples(
        st.sampled_from(
            ("p", "div", "row", "cell", "lb", "note", "remark", "pb", "hi")
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


def written(tree):
    if isinstance(tree, str):
        return tree
    name, inner = tree
    return f"<{name}>{''.join(map(written, inner))}</{name}>"


@given(TREES)
def test_text_and_patches_rebuild_the_character_data_of_any_tree(tree):
    root = xml.parse(f"<div>{written(tree)}</div>".encode(), "test.xml")
    layout = lay_out(root, SHAPE)
    assert rebuild(layout.text, layout.patches) == xml.character_data(root)
    past = 0
    for block in layout.blocks:
        text = layout.text[block.start : block.end]
        assert past <= block.start
        assert text
        assert text == text.strip()
        past = block.end
    shown = "".join(layout.text.split()).replace("|", "")
    assert shown == "".join(blocks_joined(layout).split()).replace("|", "")


def blocks_joined(layout):
    return "".join(blocks(layout))


@given(st.lists(st.text(st.sampled_from("a \n"), max_size=4), max_size=8))
def test_a_flow_is_the_same_however_it_is_cut(pieces):
    whole, parts = Flow(), Flow()
    whole.add("".join(pieces))
    for piece in pieces:
        parts.add(piece)
    text = parts.finish()
    assert text == whole.finish()
    assert rebuild(text, parts.patches) == "".join(pieces)


@pytest.mark.parametrize(
    "piece",
    ["<p>a</p>", "<p>a <remark>b</remark></p>", "a<note>b</note> ", "<pb/>a ",
     "<p>a<p>b</p>c</p>", "<lb/>", "a\n b  ", "<!-- -->"],
)  # fmt: skip
def test_no_shape_of_a_tree_keeps_it_busy_for_ever(piece):
    root = xml.parse(f"<div>{piece * (200_000 // len(piece))}</div>".encode(), "t.xml")
    # A second's work; with a quadratic step in it, minutes.
    with hang_guard():
        layout = lay_out(root, SHAPE)
        for block in layout.blocks:
            list(layout.spans_in(block))
            layout.point_before(block.start)
