"""Headers that Django has no setting for. Free of Django, since the settings name the function for static files."""

PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(self), "
    "midi=(), payment=(), usb=(), fullscreen=(self), publickey-credentials-get=(self), "
    "publickey-credentials-create=(self)"
)
RESOURCE_POLICY = "same-origin"


def add_static_headers(headers: dict[str, str], path: str, url: str) -> None:
    """Give static files, which WhiteNoise serves before any other middleware, the header they share with pages."""
    headers["Cross-Origin-Resource-Policy"] = RESOURCE_POLICY
