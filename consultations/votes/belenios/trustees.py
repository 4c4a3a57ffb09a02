"""Belenios' trustees: as many as ours, with keys that are drawn here and thrown away (`trustees.ml` of 2.0)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from consultations.votes.belenios.ballots import Election, Position, compact
from consultations.votes.belenios.field import NAME, Element, Exponent, G, P, Q, drawn, fixed_power, power, product
from consultations.votes.belenios.opened import Offsets
from consultations.votes.belenios.proving import known, signed
from consultations.votes.protocol.encoding import Json
from consultations.votes.protocol.group import Random


@dataclass(frozen=True)
class Trustees:
    """Their polynomials."""

    polynomials: Sequence[Sequence[Exponent]] = field(repr=False)

    @classmethod
    def drawn(cls, number: int, threshold: int, random: Random) -> "Trustees":
        return cls([[drawn(random) for _ in range(threshold)] for _ in range(number)])

    @property
    def key(self) -> Element:
        return product(fixed_power(G, polynomial[0]) for polynomial in self.polynomials)

    def secret(self, trustee: int) -> Exponent:
        """What trustee 1, 2 … decrypts with."""
        return sum(value(polynomial, trustee) for polynomial in self.polynomials) % Q

    def published(self, random: Random) -> str:
        """Certificates, commitments and verification keys, all proved."""
        signing = [drawn(random) for _ in self.polynomials]
        parameters = {
            "threshold": len(self.polynomials[0]),
            "certs": [signed(certificate(secret, random), secret, random) for secret in signing],
            "coefexps": [
                signed(compact({"coefexps": [str(fixed_power(G, one)) for one in polynomial]}), secret, random)
                for secret, polynomial in zip(signing, self.polynomials, strict=True)
            ],
            "verification_keys": [
                verification_key(self.secret(trustee), random) for trustee in range(1, len(self.polynomials) + 1)
            ],
        }
        return compact([["Pedersen", parameters]])

    def decryption(
        self, trustee: int, off: Offsets, election: Election, tally: Sequence[Sequence[Position]], random: Random
    ) -> str:
        """A partial decryption with its proofs; a factor that is off, as it was on our board, has the proof of the right one."""
        secret = self.secret(trustee)
        prefix = f"decrypt|{election.fingerprint}|{fixed_power(G, secret)}|"
        proofs = [[known(secret, [G, one.alpha], prefix, random) for one in row] for row in tally]
        factors = [
            [str(power(one.alpha, secret) * fixed_power(G, shift) % P) for one, shift in zip(row, shifts, strict=True)]
            for row, shifts in zip(tally, off, strict=True)
        ]
        return compact({"decryption_factors": factors, "decryption_proofs": proofs})


def value(polynomial: Sequence[Exponent], place: int) -> Exponent:
    return sum(one * pow(place, degree, Q) for degree, one in enumerate(polynomial)) % Q


def certificate(secret: Exponent, random: Random) -> str:
    """The keys a trustee signs and is written to with; nothing is written here."""
    return compact({"verification": str(fixed_power(G, secret)), "encryption": str(fixed_power(G, drawn(random)))})


def verification_key(secret: Exponent, random: Random) -> Mapping[str, Json]:
    key = fixed_power(G, secret)
    return {"pok": known(secret, [G], f"pok|{NAME}|{key}|", random), "public_key": str(key)}
