"""Settings of the review screen's baseline: the same rows and template in a bare view, with nothing around it.

One login, one schema in the search path, Django's own engine; no sign-in, no permissions, no sessions, no lease.
"""

import os

from bpo import env
from bpo.settings import *  # noqa: F403 - the product's, then what is taken away

_found = env.database(os.environ["BENCH_PLAIN_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        **_found,
        "OPTIONS": {"options": f"-c search_path={os.environ['BENCH_SCHEMA']},public"},
    }
}
MIDDLEWARE = []
ROOT_URLCONF = "bench.review_urls"
