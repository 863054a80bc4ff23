"""Settings of the portal, by section; what differs between machines comes from the environment."""

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from .env import BASE_DIR, DATA_DIR, DEBUG, env, folder, secret
from .web.headers import add_static_headers

# --- Identity of this installation ---------------------------------------------------------------
SITE_NAME = env.str("PORTAL_SITE_NAME", default="")
SITE_OWNER = env.str("PORTAL_SITE_OWNER", default="")
SITE_CONTACT = env.str("PORTAL_SITE_CONTACT", default="")
SITE_RECORD_NUMBERS = env.list("PORTAL_RECORD_NUMBERS", default=[])
SITE_ADDRESS = env.str("PORTAL_ADDRESS", default="http://127.0.0.1:8000")
# Practice mode: shared accounts and a banner on every page; bin/serve binds to loopback only then.
PRACTICE = env.bool("PORTAL_PRACTICE", default=False)
PRACTICE_PASSWORD = env.str("PORTAL_PRACTICE_PASSWORD", default="") if PRACTICE else ""

# --- Core ---------------------------------------------------------------------------------------
SECRET_KEY = secret("PORTAL_SECRET_KEY")
# Key ring for encrypted fields: the first key writes, all of them read.
FIELD_KEYS = env.list("PORTAL_FIELD_KEYS", default=[]) or [secret("PORTAL_FIELD_KEY")]
INDEX_KEY = secret("PORTAL_INDEX_KEY")
ALLOWED_HOSTS = env.list("PORTAL_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("PORTAL_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
ASGI_APPLICATION = "portal.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    # Widgets of the admin include Django's own widget templates by name.
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "guardian",
    "treebeard",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "portal.web",
    "portal.extensions",
    "portal.accounts",
    "portal.organizations",
    "portal.access",
    "portal.encryption",
    "portal.audiences",
    "portal.audit",
    "portal.files",
    "portal.search",
    "portal.drafts",
    "portal.notifications",
    "portal.reviews",
    "portal.imports",
    "portal.rulesets",
    "portal.ballots",
    "portal.hours",
    "portal.moderation",
    "portal.spaces",
    "portal.home",
    "members",
    "members.development",
    "members.recruitment",
    "members.transfers",
    "members.dues",
    "members.meetings",
    "members.activities",
    "members.obligations",
    "members.minutes",
    "members.votes",
    "members.help",
    "members.appraisals",
    "news",
    "forum",
    "partyschool",
    *env.list("PORTAL_EXTRA_APPS", default=[]),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.audit.middleware.AuditMiddleware",
    "portal.web.middleware.FailureMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.web.middleware.HeadersMiddleware",
    "portal.web.wechat.WeChatMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.LanguageMiddleware",
    "portal.accounts.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.accounts.middleware.SessionLimitsMiddleware",
    "portal.accounts.middleware.PasswordAgeMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.web.middleware.BadInputMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "portal.web.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "portal.web.forms.PortalFormRenderer"

# --- Databases, cache, sessions -------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
_default = DATABASES["default"]
if _default["ENGINE"].endswith("sqlite3"):
    _default["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000"
        ),
    }
else:
    _default["CONN_HEALTH_CHECKS"] = True
    # Statements that are asked again and again keep their plan (portal.web.prepared); 0 where a pooler stands between.
    _default.setdefault("OPTIONS", {})["prepare_threshold"] = env.int("PORTAL_PREPARE_AFTER", default=5) or None
    # A web process lends its connections to the threads of its requests (asgi.py); elsewhere a thread keeps its own.
    if _pooled := env.int("PORTAL_DB_POOL", default=0):
        _default["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pooled, "timeout": 10}
        _default["CONN_MAX_AGE"] = 0
    else:
        _default["CONN_MAX_AGE"] = env.int("PORTAL_CONN_MAX_AGE", default=60)

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "portal.web.caches.shared_redis_cache",
            "LOCATION": REDIS_URL,
        }
    }
else:
    # Files, so that web and worker processes share limits and versions without Redis.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    }
# Pieces of pages that are the same for everyone who sees the same menus: kept by each process for itself.
CACHES["fragments"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}
SESSION_ENGINE = "portal.accounts.session_store"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = env.int("PORTAL_SESSION_IDLE_MINUTES", default=30)
SESSION_IDLE_ADMIN_MINUTES = env.int("PORTAL_SESSION_IDLE_ADMIN_MINUTES", default=15)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# --- Accounts (django-allauth) ----------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "portal.accounts.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:workbench"
LOGOUT_REDIRECT_URL = "home:landing"
ACCOUNT_FORMS = {"login": "portal.accounts.forms.LoginForm"}
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_USER_DISPLAY = "portal.accounts.models.display_name"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Strangers' addresses get no mail from here; the owner of an account is told of every change to its keys.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
# Five wrong passwords lock an account for ten minutes (portal.accounts.locks); "login_failed" limits second-factor
# codes in the same way. One campus gateway address stays usable for many.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "5/10m/key,300/m/ip", "reset_password": "60/m/ip,5/m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("PORTAL_PROXIES", default=0)
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up by himself here, so an unconfirmed address is no squatter; a factor must be possible without mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME or "Portal"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
# The second factor is required of everyone who holds a duty.
SECOND_FACTOR_REQUIRED = env.bool("PORTAL_SECOND_FACTOR", default=not PRACTICE)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("number", "email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.validators.LongestLengthValidator", "OPTIONS": {"max_length": 128}},
]
# Graded protection (GB/T 22239) asks for character classes and periodic change; ASVS and NIST advise against both.
# The default follows ASVS; PORTAL_PASSWORD_PROFILE=djbh switches to three classes and 90 days.
PASSWORD_MAX_DAYS = 0
if env.str("PORTAL_PASSWORD_PROFILE", default="") == "djbh":
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "portal.accounts.validators.CharacterClassesValidator"})
    PASSWORD_MAX_DAYS = env.int("PORTAL_PASSWORD_MAX_DAYS", default=90)
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

# --- Tasks (Celery) ---------------------------------------------------------------------------------
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 2, "socket_connect_timeout": 2}
else:
    _queue = folder("queue")
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(folder("control")),
    }
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_TASK_ALWAYS_EAGER = env.bool("PORTAL_EAGER_TASKS", default=False)
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-notices": {"task": "portal.notifications.tasks.sweep_notices", "schedule": 30.0},
    "sweep-imports": {"task": "portal.imports.tasks.sweep_imports", "schedule": 60.0},
    "sweep-volumes": {"task": "members.minutes.tasks.sweep_volumes", "schedule": 60.0},
    "seal-audit": {"task": "portal.audit.tasks.seal_audit", "schedule": 10.0},
    "account-mail": {"task": "portal.accounts.tasks.send_due_mail", "schedule": 30.0},
    "sweep-accounts": {"task": "portal.accounts.tasks.sweep_accounts", "schedule": crontab(hour=4, minute=10)},
    "sync-rights": {"task": "portal.organizations.tasks.sync_rights", "schedule": crontab(minute=1)},
    "daily": {"task": "portal.home.tasks.run_daily", "schedule": crontab(hour=6, minute=30)},
}

# --- Languages and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# The second holds words of packages that bring no Chinese of their own.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["portal.formats"]

# --- Static files, uploads ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET := env.str("PORTAL_S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": S3_BUCKET, "endpoint_url": env.str("PORTAL_S3_ENDPOINT", default=None)},
    }
WHITENOISE_ADD_HEADERS_FUNCTION = add_static_headers
UPLOAD_MAX_MB = env.int("PORTAL_UPLOAD_MAX_MB", default=20)
VIDEO_MAX_MB = env.int("PORTAL_VIDEO_MAX_MB", default=500)
VOICE_MAX_MB = env.int("PORTAL_VOICE_MAX_MB", default=10)
VOICE_MAX_SECONDS = env.int("PORTAL_VOICE_MAX_SECONDS", default=300)
# A class with scan(stream); portal.files.scanning.ClamdScanner asks a ClamAV daemon at FILES_CLAMD_ADDRESS.
FILES_SCANNER = env.str("PORTAL_FILES_SCANNER", default="portal.files.scanning.NoScanner")
FILES_CLAMD_ADDRESS = env.str("PORTAL_CLAMD", default="127.0.0.1:3310")
# Internal location by which nginx sends files from MEDIA_ROOT itself (X-Accel-Redirect); empty: the portal sends them.
FILES_ACCEL_PREFIX = env.str("PORTAL_FILES_ACCEL", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = str(folder("tmp"))

# --- Meetings --------------------------------------------------------------------------------------------
# From how many minutes after the beginning somebody comes late.
MEETING_LATE_MINUTES = env.int("PORTAL_MEETING_LATE_MINUTES", default=10)

# --- Votes ----------------------------------------------------------------------------------------------
# From how many ballots on the count of a secret grading or choice is shown; fewer would tell who chose what.
BALLOT_MIN_GROUP = env.int("PORTAL_BALLOT_MIN_GROUP", default=5)

# --- Mail ---------------------------------------------------------------------------------------------
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{DATA_DIR / 'mail'}"))
if vars()["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_BACKEND = "portal.notifications.mailbox.FolderMailBackend"
DEFAULT_FROM_EMAIL = env.str("PORTAL_MAIL_FROM", default="portal@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# --- Browser-side safety --------------------------------------------------------------------------------
SECURE = env.bool("PORTAL_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
DEVICE_COOKIE_NAME = "__Host-device" if SECURE else "device"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.web.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # a supervisor on the same machine asks without TLS
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],  # what was just recorded is heard before it is sent
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Look of the admin (django-unfold) -------------------------------------------------------------------
UNFOLD = {
    "SITE_TITLE": SITE_NAME or _("University Party Building Portal"),
    "SITE_HEADER": SITE_NAME or _("University Party Building Portal"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "flag",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "THEME": "light",
    "COLORS": {
        "primary": {
            "50": "#fdf3f3",
            "100": "#fbe4e5",
            "200": "#f6c8ca",
            "300": "#eea0a4",
            "400": "#e06a70",
            "500": "#c93a42",
            "600": "#a6131b",
            "700": "#8a0f16",
            "800": "#730f15",
            "900": "#601116",
            "950": "#340508",
        },
    },
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
}

# --- Logging ----------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "portal.web.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {number} {message}",
            "style": "{",
        }
    },
    "filters": {"number": {"()": "portal.audit.context.NumberFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["number"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django": {"level": "INFO"}, "celery": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
