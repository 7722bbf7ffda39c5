"""Playwright's synchronous API runs an event loop in this thread; the ORM calls between its steps are safe there."""

import os

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
