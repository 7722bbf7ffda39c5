"""All settings, read from the environment through `bpo.env`. README lists the variables."""

from ipaddress import ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from bpo import env

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("BPO_VAR", str(ROOT / "var"))).absolute()
DEBUG = env.flag("BPO_DEBUG", False)
DEMO = env.flag("BPO_DEMO", False)

SECRET_KEY = env.text("SECRET_KEY", "") or env.local_secret(VAR, "SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# --- Hosts -----------------------------------------------------------------------------------
# `ops.<base>` is the operator, `<client>.<base>` a client. The port belongs to links, not to hosts.
BASE = env.text("BPO_BASE", "localhost:8000")
BASE_DOMAIN = BASE.split(":")[0]
SCHEME = env.choice("BPO_SCHEME", "http", ("http", "https"))
OPERATOR_HOST = f"ops.{BASE_DOMAIN}"
ALLOWED_HOSTS = ["*"]  # The tenancy middleware answers unknown hosts with 404; client domains are rows.
USE_X_FORWARDED_HOST = False
PROXIES = env.networks("BPO_PROXIES")  # whose X-Forwarded-For is believed
HOST_CACHE_SECONDS = env.number("BPO_HOST_CACHE_SECONDS", 30, low=0, high=300)

# --- Apps: one floor each; no app is in both lists ---------------------------------------------
SHARED_APPS = [
    "bpo.tenancy",
    "django_tenants",
    "bpo.ui",
    "bpo.outbox",
    "bpo.ops_audit",
    "accounts",
    "workforce",
    "attrition",
    "console",
    "console.admin_site.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "csp",
    "axes",
    "knox",
    "rest_framework",
    "drf_spectacular",
]
TENANT_APPS = [
    "bpo.marker",
    "bpo.audit",
    "bpo.files",
    "bpo.imports",
    "bpo.notices",
    "bpo.idempotency",
    "bpo.privacy",
    "bpo.webhooks",
    "interactions",
    "scheduling",
    "qa",
    "surveys",
    "reports",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]

TENANT_MODEL = "accounts.Client"
TENANT_DOMAIN_MODEL = "accounts.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_URLCONF = "bpo.urls_operator"
ROOT_URLCONF = "bpo.urls_client"
# axes.W006: lock-outs count the account within its realm, so that rotating addresses doesn't dodge them.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

# --- Database identities ------------------------------------------------------------------------
# DATABASE_URL is the owner's. Web and workers take its address only, and connect as `app` or a client.
_owner = env.database(env.text("DATABASE_URL", "postgresql://bpo_owner@/bpo"))
MAY_OWN = env.flag("BPO_MAY_OWN", False)
OWNER = {key: _owner[key] for key in ("USER", "PASSWORD")} if MAY_OWN else None
ROLE_PREFIX = env.text("BPO_ROLE_PREFIX", _owner["NAME"]).replace("-", "_")
DB_AUTH = env.choice("BPO_DB_AUTH", "scram", ("scram", "peer"))
DB_MASTER_KEY = env.text("BPO_DB_MASTER_KEY", "") or env.local_secret(VAR, "DB_MASTER_KEY")
# Keys before it: they still open what they sealed, and log in where the roles' passwords are still theirs.
DB_MASTER_KEY_FALLBACKS = env.words("BPO_DB_MASTER_KEY_FALLBACKS")
STORE_SIZE = env.number("BPO_STORE_SIZE", 64, low=1, high=5000)
STORE_SECONDS = env.number("BPO_STORE_SECONDS", 600, low=1, high=86_400)
RESET_ON_RETURN = env.flag("BPO_RESET_ON_RETURN", True)
STATEMENT_TIMEOUT_MS = env.number("BPO_STATEMENT_TIMEOUT_MS", 15_000, low=100, high=3_600_000)
LOCK_TIMEOUT_MS = env.number("BPO_LOCK_TIMEOUT_MS", 3_000, low=10, high=600_000)
POOL_SIZE = env.number("BPO_POOL_SIZE", 3, low=0, high=100)
DATABASES = {
    "default": {
        "ENGINE": "bpo.tenancy.backend",
        "NAME": _owner["NAME"],
        "HOST": _owner["HOST"],
        "PORT": _owner["PORT"],
        "USER": f"{ROLE_PREFIX}_app",
        "CONN_MAX_AGE": None,
        "OPTIONS": {},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- The life of a client -------------------------------------------------------------------------
GRACE_DAYS = env.number("BPO_GRACE_DAYS", 30, low=0, high=3650)  # between asking for a deletion and the deletion
EXPORT_HOURS = env.number("BPO_EXPORT_HOURS", 24, low=1, high=720)  # how long an export can be downloaded
EXPORT_ROOT = VAR / "exports"

# --- DNS: what proves a client's own host name -----------------------------------------------------
DNS_SERVER = env.server("BPO_DNS_SERVER")  # None asks whom this machine asks
DNS_SECONDS = env.number("BPO_DNS_SECONDS", 5, low=1, high=60)

# --- Webhooks: other systems told of events. Only the public internet, and these networks beside ----------------
WEBHOOK_NETWORKS = env.networks("BPO_WEBHOOK_NETWORKS") or ([ip_network("127.0.0.0/8")] if DEMO else [])
WEBHOOK_SECONDS = env.number("BPO_WEBHOOK_SECONDS", 10, low=1, high=60)  # for one attempt, all in all

# --- Requests -----------------------------------------------------------------------------------
MIDDLEWARE = [
    "bpo.health.HealthMiddleware",
    "bpo.logs.RequestLogMiddleware",
    "bpo.tenancy.middleware.TenancyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PrincipalMiddleware",
    "workforce.middleware.SeatMiddleware",
    "bpo.permissions_middleware.PermissionMiddleware",
    "accounts.second_step_middleware.SecondStepMiddleware",
    "axes.middleware.AxesMiddleware",
    "bpo.tenancy.middleware.EnterMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bpo.ui.context.frame",
            ],
            "builtins": ["bpo.ui.templatetags.ui"],
        },
    }
]
WSGI_APPLICATION = "bpo.wsgi.application"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
MAX_IMPORT_BYTES = env.number("BPO_MAX_IMPORT_BYTES", 200_000_000, low=1_000, high=5_000_000_000)
MAX_RECORDING_BYTES = env.number("BPO_MAX_RECORDING_BYTES", 200_000_000, low=1_000, high=2_000_000_000)
MAX_RECORDING_MINUTES = env.number("BPO_MAX_RECORDING_MINUTES", 240, low=1, high=1440)
# What the process that reads a sound from outside may take: address space in megabytes, seconds of computing.
SOUND_MEMORY_MB = env.number("BPO_SOUND_MEMORY_MB", 800, low=300, high=8_000)
SOUND_SECONDS = env.number("BPO_SOUND_SECONDS", 300, low=5, high=3_600)

# --- Sessions, cookies, headers -----------------------------------------------------------------
_tls = SCHEME == "https"
SESSION_ENGINE = "bpo.tenancy.sessions"
SESSION_COOKIE_NAME = "__Host-session" if _tls else "bpo_session"
CSRF_COOKIE_NAME = "__Host-csrf" if _tls else "bpo_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# A session ends unused for so long, and at the latest after so many hours (NIST SP 800-63B, 4.2.3: 30 minutes, 12 hours).
SESSION_IDLE_MINUTES = env.number("BPO_SESSION_IDLE_MINUTES", 30, low=2, high=1440)
SESSION_HOURS = env.number("BPO_SESSION_HOURS", 12, low=1, high=168)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
CSRF_FAILURE_VIEW = "bpo.ui.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if _tls else None  # browsers ignore it without TLS
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _tls
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BPO_TRUST_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- Sign-in ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RealmBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "sign-in"
MFA_WAIVED = env.flag("BPO_MFA_WAIVED", DEMO)
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_CALLABLE = "accounts.backends.axes_username"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_CLIENT_IP_CALLABLE = "accounts.requests.address_of"
ADDRESS_FAILURE_LIMIT = 100  # of all accounts together from one address, within the same time: a floor shares one
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
HANDOFF_SECONDS = 30
HALF_OPEN_SECONDS = 300  # between the password and the second step
FRESH_SECONDS = 900  # for so long after showing who one is, what signs one in can be changed

# --- API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api_auth.PrincipalAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["bpo.permissions_api.StampedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["bpo.api.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "bpo.api.Cursor",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "bpo.api_docs.schema.PermissionSchema",
    "EXCEPTION_HANDLER": "bpo.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "bpo API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["bpo.permissions_api.StampedPermission"],
    "ENUM_NAME_OVERRIDES": {"VisibilityEnum": "qa.models.note.Visibility"},
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # the reader names the choices beside the field
}
KNOX_TOKEN_MODEL = "accounts.Token"  # noqa: S105 - the name of a model
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_MODEL": "accounts.Token"}

# --- Celery: messages are disposable wake-ups, the outbox is the queue of record ------------------
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://")
OUTBOX_SWEEP_SECONDS = env.number("BPO_OUTBOX_SWEEP_SECONDS", 15, low=1, high=600)
OUTBOX_LEASE_SECONDS = env.number("BPO_OUTBOX_LEASE_SECONDS", 120, low=1, high=7200)
OUTBOX_IN_FLIGHT = env.number("BPO_OUTBOX_IN_FLIGHT", 50, low=1, high=10_000)
FAILPOINTS = env.text("BPO_FAILPOINTS", "")  # a folder; test builds only, refused by check --deploy

# --- Mail ---------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = env.number("EMAIL_PORT", 1025, low=1, high=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 20, low=1, high=300)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"no-reply@{BASE_DOMAIN}")

# --- Language, time, files, caches --------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "bpo.tenancy.caches.client_key",
    },
    "shared": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"},
}

# --- Logs ---------------------------------------------------------------------------------------
LOG_FORMAT = env.choice("BPO_LOG_FORMAT", "json", ("json", "text"))
LOGGING_CONFIG = "bpo.logs.configure"
LOGGING = {"level": env.choice("BPO_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))}

if STORE_SIZE < 4 and not DEBUG:
    raise ImproperlyConfigured("BPO_STORE_SIZE is below 4. Give at least the clients active in a minute.")
