"""The front door: names the features and composes the application, nothing else."""

from analysis.reports.feature import FEATURE as REPORTS
from civic.app import create_app
from consultations.comments.feature import FEATURE as COMMENTS
from consultations.votes.feature import FEATURE as VOTES
from surveys.feature import FEATURE as SURVEYS

FEATURES = (SURVEYS, COMMENTS, VOTES, REPORTS)

app = create_app(features=FEATURES)
