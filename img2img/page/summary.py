"""The top of the page: figures of the whole, and the worst picture."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from img2img.page.cards import Deck
from img2img.page.listing import arrow
from img2img.page.markup import Markup, tag
from img2img.page.numbers import written
from img2img.page.parts import Figure

COUNTS = ("n", "count", "counts", "files", "pictures", "fakes")  # what a protocol may call it


def summary(figures: Sequence[Figure]) -> Markup:
    """The table of figures, with protocols that unfold."""
    names = ("metric", "value", "interval, or what stands beside it", "n", "protocol")
    top = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    return tag("table", top, tag("tbody", *map(line, figures)), class_="summary")


def line(figure: Figure) -> Markup:
    """A metric's row."""
    interval = ""
    if figure.interval is not None:
        interval = f"{written(figure.interval[0])} to {written(figure.interval[1])}"
    count = next((figure.protocol[name] for name in COUNTS if name in figure.protocol), "")
    if "fakes" in figure.protocol and figure.protocol.get("reals"):
        count = f"{figure.protocol['fakes']} / {figure.protocol['reals']}"
    notes = tag("small", figure.notes, title=figure.notes) if figure.notes else ""
    return tag(
        "tr",
        tag("th", figure.name, arrow(figure.rises), scope="row"),
        tag("td", tag("b", written(figure.value))),
        tag("td", interval, notes, class_="beside"),
        tag("td", said(count)),
        tag("td", unfolding(figure.protocol), class_="protocol"),
    )


def unfolding(protocol: Mapping[str, Any]) -> Markup:
    """What a click on its first words shows whole."""
    if not protocol:
        return Markup()
    first = said(protocol.get("definition", protocol.get("name", "protocol")))
    return tag("details", tag("summary", first), facts(protocol))


def facts(pairs: Mapping[str, Any]) -> Markup:
    """Names and values."""
    items = (tag("div", tag("dt", name), tag("dd", said(value))) for name, value in pairs.items())
    return tag("dl", *items) if pairs else Markup()


def said(value: Any) -> str:
    """A fact as a person reads it."""
    if isinstance(value, float | np.floating):
        return written(float(value), 6)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(said, value))
    return "none" if value is None else str(value)


def spotlight(deck: Deck) -> Markup:
    """The worst picture by the metric that ranks, and whom the others like least."""
    worst = deck.worst(deck.rank) if deck.rank else None
    if worst is None or deck.rank is None:
        return Markup()
    values = np.array(deck.values(deck.rank))
    middle = float(np.median(values[np.isfinite(values)]))
    figure = f"{deck.rank} {written(worst.figure(deck.rank))}"
    titles = [title for title in ("output", "target", "input") if title in worst.pictures][:2]
    pictures = [
        tag("span", worst.pictures[title].image(title), tag("span", title), class_="picture")
        for title in titles
    ]
    return tag(
        "aside",
        tag("h2", "Worst: ", tag("b", figure), tag("small", f" (median {written(middle)})")),
        tag("p", tag("a", worst.name, href="#row-0"), class_="name"),
        tag("div", *pictures, class_="pair"),
        others(deck),
    )


def others(deck: Deck) -> Markup:
    """The worst pictures by the other metrics, a link to each."""
    found: dict[int, list[str]] = {}
    for metric in deck.standings:
        card = deck.worst(metric)
        if card is not None and metric != deck.rank:
            place = next(i for i, each in enumerate(deck.cards) if each is card)
            found.setdefault(place, []).append(metric)
    items = [
        tag(
            "li", f"by {', '.join(names)}: ", tag("a", deck.cards[place].name, href=f"#row-{place}")
        )
        for place, names in sorted(found.items())
    ]
    return tag("ul", *items) if items else Markup()
