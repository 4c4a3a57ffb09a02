"""The independent verifier: a recount of a board file by anybody, with PyNaCl and the standard library alone.

Written from `protocol/SPEC.md` (sections cited as §) and from nothing else; no code is shared with the server, so that no
mistake is made twice. In reading order: `canonical` and `shapes` (what a file may look like), `group` (points, scalars,
hashes, signatures), `questions`, `manifest`, `ballots`, `entries` (the order of the board), `opening` (close, shares,
result), `checkpoints`, `board` (all of it), `kept` (receipts and audited ballots), `words`, `report`, `main`.

The parts import one another relatively: `builder` ships them as one file, `verify.pyz`.
"""
