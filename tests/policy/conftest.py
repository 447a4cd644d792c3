"""Generated examples may take as long as they take: no test here is about time."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
