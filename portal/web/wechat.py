"""WeChat's browser saves no files: whoever asks for one there is told how to come by it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from .views import render_failure

# An address that carries this is answered with the file itself.
ANYWAY = "anyway"


class WeChatMiddleware:
    """Answer a download that WeChat would drop without a word with a page that names the way into a browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.headers.get("Content-Disposition", "").startswith("attachment") or not _is_asked_here(request):
            return response
        response.close()
        address = request.get_full_path()
        anyway = f"{address}{'&' if '?' in address else '?'}{ANYWAY}=1"
        return render_failure(
            request, "errors/wechat.html", status=200, anyway=anyway, address=request.build_absolute_uri()
        )


def _is_asked_here(request: HttpRequest) -> bool:
    browser = request.headers.get("User-Agent", "")
    return request.method == "GET" and ANYWAY not in request.GET and "MicroMessenger" in browser
