"""Hypothesis profiles, chosen by the environment variable HYPOTHESIS_PROFILE."""

import os

from hypothesis import HealthCheck, Phase, settings

# Drawing a whole document takes longer than Hypothesis expects of one case.
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

# A document explains itself; Hypothesis would take minutes to say which lines of code it ran.
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)

settings.register_profile(
    "all", deadline=None, suppress_health_check=_SLOW, phases=_PHASES, print_blob=True
)
_ALL = settings.get_profile("all")
settings.register_profile("ci", _ALL, max_examples=60, derandomize=True)
settings.register_profile("dev", _ALL, max_examples=100)
settings.register_profile("thorough", _ALL, max_examples=1_200)
settings.register_profile(
    "mutants",
    _ALL,
    max_examples=12,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
