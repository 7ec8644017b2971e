"""Markup: HTML whose text is escaped, because nothing but `tag` writes it."""

from html import escape

from img2img.naming import printable

VOID = frozenset({"img", "input", "link", "meta"})


class Markup(str):
    """A string that is HTML already."""

    __slots__ = ()


def tag(kind: str, /, *inside: str, **attributes: object) -> Markup:
    """An element: markup inside it is kept, any other string is text.

    An underscore in an attribute's name is a hyphen, one at its end is dropped; None leaves the
    attribute out.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    end = "" if kind in VOID else f"{joined(*inside)}</{kind}>"
    return Markup(f"<{kind}{written}>{end}")


def joined(*parts: str) -> Markup:
    """One after the other."""
    return Markup("".join(map(text, parts)))


def text(value: object) -> Markup:
    """Markup as it is; anything else as text that also fits between the quotes of an attribute."""
    return value if isinstance(value, Markup) else Markup(escape(printable(str(value))))
