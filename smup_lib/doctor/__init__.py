"""The doctor: is this installation whole, and what should be done when it is not?"""

from smup_lib.doctor.diagnosis import Diagnosis, Section
from smup_lib.doctor.examination import examine

__all__ = ["Diagnosis", "Section", "examine"]
