"""Status pages for tests: look-alikes, written for them."""

from html import escape

HEADS = (
    "Signature",
    "Provisional application(n)",
    "Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)",
)
ROWS = (
    ("Atlantis", "3 Dec 2008", "", "14 Jul 2009 A"),
    (
        "Borduria <sup><a href='#1'>1</a> </sup>",
        "&nbsp;4 Dec\t 2008 ",
        "",
        "9 Apr 2010 a",
    ),
    ("Costaguana 2", "[ 3 Dec 2008 ]", "[24 Mar 2011 n]", "[24 Mar 2011 ]"),
    ("Freedonia", "3 Dec 2008", "3 Dec 2008 n", ""),
    ("Sylvania (Kingdom of)", "", "", "23 Aug 2010"),
    ("Zubrowka", "", "", "1 Jan 1994 d"),
)
DECLARATIONS = (
    (
        "Borduria",
        "<i>Declaration:</i><br>Borduria reads article 2 &amp; article 3 so.<br>",
    ),
    (
        "Freedonia",
        "<p><i>Upon signature:</i></p>Nothing is promised.<br>"
        "<p><i>Upon ratification:</i></p>Something is.",
    ),
)
OBJECTIONS = (("Atlantis", "<i>26 October 2011</i><br>Atlantis objects to this."),)
NOTES = (
    "Signed for the continent alone.",
    "On 6 September 2024, the Government deposited a notification of withdrawal."
    " The withdrawal took effect for Costaguana on 6 March 2025.",
)


def page(
    rows=ROWS,
    *,
    heads=HEADS,
    title="6. Convention on Umbrellas",
    chapter="XXVI",
    number="XXVI-6",
    status="STATUS AS AT : 03-02-2026 10:16:18 EDT",
    counted="Signatories : 3. Parties : 4",
    declarations=DECLARATIONS,
    objections=OBJECTIONS,
    notes=NOTES,
    end="</body></html>",
):
    """A page of the collection as it is published, with its layout in tables."""
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell}<br></td>" for cell in row) + "</tr>"
        for row in [("Participant", *map(escape, heads)), *rows]
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>UNTC</title><script>var treaty = "<td>no</td>";</script>
<meta name="dc.title" content="United Nations Treaty Collection"></head><body>
<form action="./ViewDetails.aspx?src=TREATY&amp;mtdsg_no={number}">
<ul><li>HOME</li></ul>
<table class="contenttable"><tr><td>PRINT</td></tr><tr><td>
<table class="contenttable table-responsive"><tr><td>
<div class="heading-three">{status}</div><div>CHAPTER {chapter}</div><div>WEATHER</div>
<table><tr><td><div class="treatyCenter">{title}</div></td></tr>
<tr><td><div class="treatyCenterSub">Klow, 30 May 2008</div></td></tr></table>
<table><tr><td>Status</td><td>:</td><td><div>{counted}</div></td></tr></table>
</td></tr></table>
</td></tr><tr><td><table><tr><td><table>{cells}</table></td></tr></table></td></tr>
<tr><td><div style="display: none">Close Window</div>
{section("Declarations and Reservations", declarations)}
{section("Objections", objections)}
<div class="end-notes">End Note</div><table>{"".join(end_notes(notes))}</table>
<a href="#top"><i class="fa"><span style="font-size: 0px">up</span></i></a>
</td></tr></table></form><div class="footer">COPYRIGHT</div>{end}"""


def section(title, entries):
    if not entries:
        return ""
    texts = "".join(
        f'<tr><td><div class="heading-two">{state}</div><div class="content-two">'
        f"<p class='invisible'>{state}</p>{text}</div></td></tr>"
        for state, text in entries
    )
    return (
        '<div class="heading-four"><div class="bold"><div align=center>'
        f"{title}\n</div></div>"
        '<div class="heading-four-one normal"><div>(Unless otherwise told.)</div></div>'
        f"</div><div><table>{texts}</table></div>"
    )


def end_notes(texts):
    for n, text in enumerate(texts, start=1):
        yield f"<tr><td><div><a name='{n}'>{n}</a>{text}<br><br></div></td></tr>"
