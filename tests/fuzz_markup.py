"""Files of the formats in markup, invented and as small as they can be."""

AKOMA_NTOSO = """\
<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
<debate name="hansard"><meta>
<identification source="#clerk"><FRBRWork>
<FRBRthis value="/akn/xx/debaterecord/2011-06-10/!main"/>
<FRBRuri value="/akn/xx/debaterecord/2011-06-10"/>
<FRBRdate date="2011-06-10" name="generation"/><FRBRauthor href="#house"/>
<FRBRcountry value="xx"/></FRBRWork><FRBRExpression>
<FRBRthis value="/akn/xx/debaterecord/2011-06-10/eng@/!main"/>
<FRBRuri value="/akn/xx/debaterecord/2011-06-10/eng@"/>
<FRBRdate date="2011-06-25" name="markup"/><FRBRlanguage language="eng"/>
</FRBRExpression></identification>
<publication date="2011-06-10" name="internal" showAs="Internal" number="3"/>
<analysis source="#clerk"><parliamentary>
<voting eId="v1" href="#s1" refersTo="#sec2" outcome="#agreed">
<quorum eId="q1" value="8"/><count eId="c1" refersTo="#ayes" href="#n1" value="7"/>
<count eId="c2" refersTo="#noes" href="#n2" value="3"/></voting>
</parliamentary></analysis>
<references source="#clerk">
<TLCOrganization eId="house" href="/o/house" showAs="The House"/>
<TLCRole eId="chair" href="/r/chair" showAs="Madam Chair"/>
<TLCPerson eId="holm" href="/p/holm" showAs="Ms. Holm"/>
<TLCPerson eId="berg" href="/p/berg" showAs="Mr. Berg"/></references>
<notes source="#clerk"><note eId="note1"><p>An old note.</p></note></notes></meta>
<preface><p><docTitle>The House, 10 June 2011</docTitle></p></preface>
<debateBody><debateSection name="sitting" eId="sec1"><heading>Opening</heading>
<speech by="#holm" as="#chair" eId="sp1"><from>Madam Chair:</from>
<p>We open.<noteRef href="#note1" marker="1"/></p></speech>
<scene><i>(A bell)</i></scene></debateSection>
<debateSection name="bill" eId="sec2"><heading>A Bill on Buoys</heading>
<questions><question by="#berg" eId="qu1"><from>Mr. Berg:</from>
<p>Is the light out?</p></question>
<answer by="#holm" eId="an1"><from>Ms. Holm:</from><p>No.</p></answer></questions>
<speech by="#berg" eId="sp2"><from>Mr. Berg:</from><p>I am <b>against</b> it.</p>
<blockList eId="bl1"><item eId="i1"><num>(a)</num><p>It costs.</p></item></blockList>
</speech><summary eId="s1">Ayes <quantity eId="n1">7</quantity>, noes
<quantity eId="n2">3</quantity></summary></debateSection></debateBody>
</debate></akomaNtoso>
"""

FRUS = """\
<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="frus1969-76ve99"><teiHeader>
<fileDesc><titleStmt>
<title type="complete">Foreign Relations, Volume E–99, Buoys</title>
<title type="volume">Buoys</title></titleStmt>
<publicationStmt><date>2009</date><idno type="frus">frus1969-76ve99</idno>
</publicationStmt><sourceDesc><p>A print</p></sourceDesc></fileDesc></teiHeader>
<text><front><div type="section" xml:id="persons"><head>Persons</head><list>
<item><hi rend="strong"><persName xml:id="p_HA1">Holm, Ada,</persName></hi>
Minister of Fisheries until 1975</item></list></div></front>
<body><div type="compilation" xml:id="comp1"><head>Lights</head>
<div n="1" xml:id="d1" type="document"><head>1. Telegram 1234 From the Department of
State to the Embassy in Norway, <date when="1975-04-03T20:44:00">April 3, 1975,
2044Z</date>.<note n="1" xml:id="d1fn1" type="source">Source: National Archives.
Confidential. <ref target="#d2">Document 2</ref>.</note></head>
<opener><dateline><placeName>Washington</placeName>,
<date when="1975-04-03">April 3, 1975</date></dateline></opener>
<p rend="flushleft"><hi rend="strong">1234.</hi> Subject: Buoys. Ref: (A) Oslo 55.</p>
<p>1. We told <persName corresp="#p_HA1">Holm</persName> so.<note n="2"
xml:id="d1fn2">Not printed.</note></p><p>2. [<hi rend="italic">1 line not
declassified</hi>]</p><list><head>Points:</head><item>One</item><item>Two</item></list>
<closer><signed><persName corresp="#p_HA1">Holm</persName></signed></closer></div>
<div n="2" xml:id="d2" type="document"><head>2. Editorial Note</head><pb n="7"/>
<p>On <date when="1975-05">a day in May</date> nothing came of it.</p>
<table><row><cell>a</cell><cell>1</cell></row></table></div></div></body></text></TEI>
"""

_HEADER = """\
<?xml version="1.0" encoding="UTF-8"?>
<{tag} xmlns="http://www.tei-c.org/ns/1.0" xml:id="{name}" xml:lang="en"><teiHeader>
<fileDesc><titleStmt><title type="main" xml:lang="en">The corpus {name}</title>
<title type="sub" xml:lang="en">A sitting</title>
<meeting n="3" corresp="#HOUSE" ana="#parla.lower">3rd</meeting></titleStmt>
<publicationStmt><idno type="URI">https://example.org/1</idno>
<date when="2021-02-10">2021-02-10</date></publicationStmt>
<sourceDesc><bibl><title>Minutes</title><date when="2014-04-16">2014-04-16</date></bibl>
</sourceDesc></fileDesc><profileDesc><settingDesc><setting><name type="city">Town</name>
<date when="2014-04-16">2014-04-16</date></setting></settingDesc>
"""
PARLAMINT = (
    _HEADER.format(tag="TEI", name="ParlaMint-XX_2014-04-16-1")
    + """\
</profileDesc></teiHeader><text ana="#reference" xml:lang="en"><body>
<div type="debateSection"><head>Buoys</head><note type="speaker">Ms. Holm:</note>
<u who="#AdaHolm" ana="#chair" xml:id="x.u1"><seg xml:id="x.seg1">We open.
<note>(A bell)</note> Who speaks?</seg></u>
<note>A pause.</note><u who="#OleBerg" ana="#regular" xml:id="x.u2">
<seg xml:id="x.seg2">I <gap reason="inaudible"/> do.<vocal><desc>laughs</desc></vocal>
</seg><seg xml:id="x.seg3"><s><w join="right">No</w><pc>.</pc></s></seg></u>
<pb n="2"/></div></body></text></TEI>
"""
)
PARLAMINT_LISTS = (
    _HEADER.format(tag="teiCorpus", name="ParlaMint-XX")
    + """\
<particDesc><listOrg><org xml:id="HOUSE" role="parliament">
<orgName full="yes" xml:lang="en">The House</orgName></org>
<org xml:id="party.A" role="politicalParty"><orgName full="yes">Party A</orgName>
<orgName full="abb">A</orgName><event from="1990-01-01"><label>founded</label></event>
</org></listOrg><listPerson><person xml:id="AdaHolm"><persName><surname>Holm</surname>
<forename>Ada</forename></persName><sex value="F"/><birth when="1960-02-03"/>
<affiliation role="member" ref="#party.A" from="2010-01-01" to="2014-12-31"/>
<affiliation role="MP" ref="#HOUSE #party.A" from="2012"/></person>
<person xml:id="OleBerg"><persName><surname>Berg</surname></persName></person>
</listPerson></particDesc></profileDesc></teiHeader></teiCorpus>
"""
)

TREATY = """\
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head>
<meta name="dc.title" content="United Nations Treaty Collection" />
<title>UNTC</title><script>var a = "<b>";</script></head><body>
<form action="ViewDetails.aspx?src=TREATY&amp;mtdsg_no=XXVI-9&amp;chapter=26">
<div>STATUS AS AT : 01-02-2020 05:00:00 EDT</div><div>CHAPTER XXVI</div>
<div>DISARMAMENT</div><div>9. Convention on Buoys</div><div>Oslo, 3 December 2008</div>
<table><tr><td>Entry into force</td><td>1 August 2010</td></tr></table>
<table><tr><th>Participant</th><th>Signature</th>
<th>Ratification, Acceptance(A), Accession(a)</th></tr>
<tr><td>Norway <sup>1</sup></td><td>3 Dec 2008</td><td>3 Dec 2008</td></tr>
<tr><td>Japan</td><td>3 Dec 2008</td><td>14 Jul 2009 A</td></tr>
<tr><td>Cuba</td><td></td><td>6 Apr 2016 a</td></tr></table>
<div><b>Declarations and Reservations</b></div><div><b>Japan</b></div>
<div><i>Upon acceptance:</i></div><p>“We read article 2 so.”</p>
<div><b>Objections</b></div><div><b>Norway</b></div><div>14 Jul 2010</div>
<p>With regard to the declaration by Japan: no.</p>
<div><b>End Note</b></div><div>1. With a territorial exclusion.</div>
</form></body></html>
"""
