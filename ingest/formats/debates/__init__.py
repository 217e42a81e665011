"""Records of parliaments, each sitting a document with who says what.

`akoma_ntoso.py` reads Akoma Ntoso; `parlamint.py` reads ParlaMint's TEI, and
`parlamint_lists.py` its lists of persons and organizations. `corpora.py` cuts files of
many sittings.
"""
