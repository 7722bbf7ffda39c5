"""Playwright's synchronous API runs an event loop in this thread; the ORM calls between its steps are safe there."""

import os

from playwright.sync_api import expect

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=30_000)  # when a journey on a busy machine gives up, which says nothing of how fast we are
