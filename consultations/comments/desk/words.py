"""What was done at the desk, in words."""

from typing import Final

from civic.messages import N_

ACTS: Final = {
    "opinion.split": N_("A comment was split into opinions."),
    "opinion.joined": N_("Opinions of one comment were joined."),
    "opinion.moved": N_("Opinions were moved."),
    "group.created": N_("A group was made."),
    "group.split": N_("A part of a group became a group."),
    "group.merged": N_("Two groups were joined."),
    "group.renamed": N_("A group was renamed."),
    "group.reordered": N_("The order of the groups was changed."),
    "group.deleted": N_("An empty group was deleted."),
    "comment.author_read": N_("Name and address were looked at."),
}
"""The sentence of each step, and of a look at an author."""
