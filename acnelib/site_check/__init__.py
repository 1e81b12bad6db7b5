"""The check of a model on photos of a site: how far its confident answers can be trusted there.

On the light path: the command validate and the app measure with the same code. Finding copies takes the training extras
(:func:`can_find_copies`).
"""

from acnelib.site_check.figures import FEWEST_PHOTOS, SiteValidation, site_validation
from acnelib.site_check.photo_comparison import PhotoComparison, can_find_copies

__all__ = ["FEWEST_PHOTOS", "PhotoComparison", "SiteValidation", "can_find_copies", "site_validation"]
