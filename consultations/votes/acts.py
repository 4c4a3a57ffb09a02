"""What the audit records of conducting a vote. Nothing a voter does is among it."""

from civic.audit.acts import act

ACTS = (
    act("vote.ceremony_accepted", "ceremony"),
    act("vote.roll_handed_in", "file", "rows", "left_out"),
    act("vote.roll_corrected", "entry", "correction", "reason"),
    act("vote.letters_taken", "file"),
    act("vote.letters_erased", "file"),
    act("vote.missing_texts_confirmed", "revision"),
    act("vote.frozen", "vote", "roll"),
    act("vote.unfrozen", "vote"),
    act("vote.rehearsed", "vote"),
    act("vote.void_recorded", "entry", "reason"),
    act("vote.cosigned", "entry", "witness"),
    act("vote.closed", "ballots", "outcome"),
    act("vote.share_recorded", "trustee"),
    act("vote.counted", "trustees"),
    act("vote.paper_counted", "seen"),
    act("vote.paper_released", "seen"),
    act("vote.objections_named", "until"),
    act("vote.map_destroyed", "slots"),
)
