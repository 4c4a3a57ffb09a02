"""How stored files join the house: the job that removes bytes nobody names any more."""

from civic.features import Feature
from civic.files import jobs

FEATURE = Feature(name="files", jobs=jobs.JOBS)
