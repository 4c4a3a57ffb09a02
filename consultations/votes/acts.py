"""What the audit records of conducting a vote. Nothing a voter does is among it."""

from civic.audit.acts import act

ACTS = (
    act("vote.ceremony_accepted", "ceremony"),
    act("vote.frozen", "vote", "roll"),
    act("vote.rehearsed", "vote"),
    act("vote.void_recorded", "entry", "reason"),
    act("vote.cosigned", "entry", "witness"),
    act("vote.closed", "ballots", "outcome"),
    act("vote.share_recorded", "trustee"),
    act("vote.counted", "trustees"),
)
