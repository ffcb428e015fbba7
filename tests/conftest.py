"""Puts tests/ on the path, for the helpers that several folders share."""

from hypothesis import HealthCheck, settings

#: How long an example takes, a busy machine says: no test fails for that.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
