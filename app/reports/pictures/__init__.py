"""The pictures of a snapshot: those that its facts can fill, the same on screen and in print.

Nothing is computed here; what cannot be filled is left out.
"""

from app.reports.pictures.experiments import forest, registration_picture, waves_picture
from app.reports.pictures.metrics import course_picture, effect_picture, finding_pictures
from app.reports.pictures.picture import Kind, Picture
from app.reports.pictures.portfolio import journeys_pictures, levels_picture, tiles_picture

__all__ = [
    "Kind",
    "Picture",
    "course_picture",
    "effect_picture",
    "finding_pictures",
    "forest",
    "journeys_pictures",
    "levels_picture",
    "registration_picture",
    "tiles_picture",
    "waves_picture",
]
