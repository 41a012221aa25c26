"""The parts of pages: markup that escapes whatever is put into it, one style, and the headers of every page."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --text: #1b1d22; --quiet: #4c525e; --line: #6f7683;
  --strong: #0b4fb3; --on-strong: #fff; --wrong: #a81c14; }
@media (prefers-color-scheme: dark) { :root { --page: #121418; --card: #1d2026; --text: #eceef2; --quiet: #b4bac6;
  --line: #8b93a1; --strong: #a9c7ff; --on-strong: #0a2148; --wrong: #ffb3ab; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 36rem; margin: 0 auto; padding: 1.25rem; }
@media (min-width: 40rem) { main { margin: 3rem auto; padding: 2.25rem 2.5rem; background: var(--card);
  border-radius: 1rem; } }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance; }
p, ul { margin: 0 0 1rem; }
ul { padding-left: 1.25rem; }
.from, .quiet, .hint { color: var(--quiet); font-size: .9375rem; }
.from { margin-bottom: .5rem; }
.hint { margin: 0 0 .375rem; }
blockquote { margin: 0 0 1rem; padding-left: 1rem; border-left: .25rem solid var(--line); }
blockquote p { margin: 0 0 .5rem; }
.field { margin: 0 0 1.25rem; }
label { display: block; font-weight: 600; margin-bottom: .25rem; }
input, select, textarea { width: 100%; min-height: 3rem; padding: .625rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
textarea { min-height: 7.5rem; resize: vertical; }
[aria-invalid] { border: 2px solid var(--wrong); }
.wrong { margin: .375rem 0 1rem; color: var(--wrong); font-weight: 600; }
main > :last-child { margin-bottom: 0; }
.answers { display: grid; gap: .75rem; margin: 1.5rem 0 1rem; }
button { min-height: 3rem; padding: .625rem 1.25rem; font: inherit; font-weight: 600; color: var(--strong);
  background: var(--card); border: 2px solid var(--strong); border-radius: .5rem; cursor: pointer; }
/* Where words are sent one button sends them; a plain question favours no answer. */
.field ~ .answers button:first-child { color: var(--on-strong); background: var(--strong); }
:focus-visible { outline: 3px solid var(--strong); outline-offset: 3px; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Beside those of every answer, such as `Referrer-Policy: no-referrer`: the address is a secret."""

_FRAME = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
""")


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a form: what it is called, what was entered, and what is wrong with that."""

    name: str
    label: str
    hint: str = ""
    entered: str = ""
    fault: str = ""


def page(title: str, content: Iterable[Markup], *, status: int = 200) -> HTMLResponse:
    """A whole page with its headers."""
    # The header allows the hash of exactly this style, and no other.
    text = _FRAME.format(title=title, style=Markup(_STYLE), content=Markup("\n").join(content))
    return HTMLResponse(text, status, headers=dict(HEADERS))


def heading(text: str) -> Markup:
    """What the page is about."""
    return Markup("<h1>{}</h1>").format(text)


def paragraph(text: str, *, quiet: bool = False) -> Markup:
    """A paragraph, perhaps one to be overlooked."""
    return Markup('<p class="quiet">{}</p>').format(text) if quiet else Markup("<p>{}</p>").format(text)


def sender(text: str) -> Markup:
    """From whom the page is."""
    return Markup('<p class="from">{}</p>').format(text)


def alert(text: str) -> Markup:
    """What is to be mended, read out at once by a screen reader."""
    return Markup('<p class="wrong" role="alert">{}</p>').format(text)


def quotes(texts: Sequence[str]) -> Markup:
    """What somebody said."""
    said = Markup("").join(Markup("<p>{}</p>").format(each) for each in texts)
    return Markup("<blockquote>{}</blockquote>").format(said) if texts else Markup("")


def form(fields: Iterable[Markup], answers: Mapping[str, str], *, uses: int) -> Markup:
    """A form with a button for each answer. `uses` tells a form that was sent twice from a new one."""
    buttons = Markup("\n").join(
        Markup('<button name="answer" value="{}">{}</button>').format(value, label) for value, label in answers.items()
    )
    return Markup(
        '<form method="post" novalidate>\n<input type="hidden" name="uses" value="{}">\n{}\n'
        '<div class="answers">\n{}\n</div>\n</form>'
    ).format(uses, Markup("\n").join(fields), buttons)


def select(field: Field, choices: Sequence[Choice]) -> Markup:
    """A list to choose from."""
    options = Markup("").join(_option(each, field.entered) for each in choices)
    return _framed(field, Markup("<select {}>{}</select>").format(_attributes(field), options))


def text_area(field: Field, *, longest: int) -> Markup:
    """Room for a few lines."""
    area = Markup('<textarea {} rows="5" maxlength="{}">\n{}</textarea>')
    return _framed(field, area.format(_attributes(field), longest, field.entered))


def text_input(field: Field, *, kind: str, autocomplete: str, longest: int) -> Markup:
    """Room for one line of a kind such as `email`."""
    line = Markup('<input {} type="{}" autocomplete="{}" maxlength="{}" value="{}">')
    return _framed(field, line.format(_attributes(field), kind, autocomplete, longest, field.entered))


def _option(choice: Choice, entered: str) -> Markup:
    selected = Markup(" selected") if choice.value == entered else Markup("")
    return Markup('<option value="{}"{}>{}</option>').format(choice.value, selected, choice.label)


def _attributes(field: Field) -> Markup:
    described = [f"{field.name}-{part}" for part in ("hint", "wrong") if getattr(field, _DESCRIBING[part])]
    found = Markup('id="{0}" name="{0}"').format(field.name)
    if described:
        found += Markup(' aria-describedby="{}"').format(" ".join(described))
    return found + Markup(' aria-invalid="true"') if field.fault else found


_DESCRIBING = {"hint": "hint", "wrong": "fault"}


def _framed(field: Field, control: Markup) -> Markup:
    hint = Markup('<p class="hint" id="{}-hint">{}</p>').format(field.name, field.hint) if field.hint else Markup("")
    wrong = Markup('<p class="wrong" id="{}-wrong">{}</p>').format(field.name, field.fault) if field.fault else ""
    label = Markup('<label for="{}">{}</label>').format(field.name, field.label)
    return Markup('<div class="field">{}{}{}{}</div>').format(label, hint, control, wrong)
