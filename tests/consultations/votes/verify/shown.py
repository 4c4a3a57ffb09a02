"""The boards of docs/verifiers.md: an honest one and three that somebody altered."""

from typing import Final

BOARDS: Final = {
    "verifier-honest": "valid/counted.json",
    "verifier-wrong-result": "refused/a_wrong_result.json",
    "verifier-old-ballot": "refused/an_old_ballot_put_back_after_a_revote.json",
    "verifier-shifted-share": "refused/a_decryption_factor_shifted_by_one.json",
}
"""Name of the picture → vector."""
