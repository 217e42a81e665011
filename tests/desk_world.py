"""A document on the reading desk, and people who code it."""

from positions.defaults import setup_defaults
from positions.models import CodingHeader, HeaderSpeaker, Voice
from positions.models.changes import recording
from tests import factories as make

PARAGRAPHS = (
    {"text": "SUMMARY: Japan prefers the CCW. END SUMMARY.", "role": "summary"},
    "DDG Shimbo said that Japan's first priority is an agreement within the CCW. "
    "Public pressure keeps Japan engaged in the Oslo Process.",
    "Japan cannot accept Article 1(b). (Comment: Tokyo will not leave Oslo.)",
)


def make_world(paragraphs=PARAGRAPHS, options=("CCW", "Oslo Process", "Art. 1(b)")):
    """A source with its header and one speaker, an issue with options, a reviewer."""
    setup_defaults()
    user = make.make_user("Reviewer", username="ada")
    japan = make.make_actor("Japan")
    issue = make.make_issue("Cluster munitions")
    for name in options:
        make.make_option(name, issue=issue)
    source = make.make_source(list(paragraphs), identifier="08TOKYO1212")
    with recording(user):
        header = CodingHeader.objects.create(source=source, said_on="2008-04-23")
        HeaderSpeaker.objects.create(
            header=header, name="DDG Shimbo", rank=3, actor=japan
        )
        for paragraph in source.current.paragraphs.filter(text__contains="(Comment"):
            at = paragraph.text.index("(Comment")
            Voice.objects.create(
                paragraph=paragraph, start=at, end=len(paragraph.text), kind="comment"
            )
    return source, user
