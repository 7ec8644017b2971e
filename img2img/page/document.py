"""page: what an evaluation found, as one HTML file that loads nothing."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from img2img.page.cards import Deck, sorted_deck
from img2img.page.charts import SMALL, drawn
from img2img.page.histograms import histogram
from img2img.page.listing import listing
from img2img.page.markup import Markup, joined, tag
from img2img.page.parts import Chart, Figure, Row
from img2img.page.summary import facts as told
from img2img.page.summary import spotlight, summary

# nothing from elsewhere, pictures in the file itself, its own style and script
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    " base-uri 'none'; form-action 'none'"
)
DIFFERENCE = "output and target subtracted channel by channel, not amplified: black where equal"
NOTHING: Mapping[str, Any] = MappingProxyType({})


def page(
    title: str,
    figures: Sequence[Figure],
    rows: Iterable[Row],
    charts: Sequence[Chart],
    *,
    rank: str | None = None,
    warnings: Sequence[str] = (),
    facts: Mapping[str, Any] = NOTHING,
    skipped: Mapping[str, str] = NOTHING,
    difference: str = DIFFERENCE,
) -> str:
    """The whole document: figures, charts, and the rows, worst first.

    Rows are taken one by one, and their pictures kept as thumbnails alone. They are ordered by
    `rank`, or by the first of `figures` that they have. `skipped` are metrics without a figure and
    the reasons; `difference` says what the pictures of that title show.

    Raises:
        ValueError: `rank` is no metric of both `figures` and rows, or a picture is not uint8
            (H, W, 3).
    """
    deck = sorted_deck(rows, figures, rank)
    parts = [
        tag("header", tag("h1", title), told(facts)),
        *(tag("p", warning, class_="warning", role="note") for warning in warnings),
        tag("section", summary(figures) if figures else "", spotlight(deck), class_="top"),
        left_out(skipped),
        plots(deck, charts),
        pictures(deck, difference),
    ]
    main = tag("main", *(part for part in parts if part))
    dialog = tag("dialog", tag("p"), tag("div"), id="large")
    script = tag("script", source("page.js"))
    body = tag("body", main, dialog, script)
    return f"<!DOCTYPE html>\n{tag('html', heading(title), body, lang='en')}\n"


def left_out(skipped: Mapping[str, str]) -> Markup:
    """The metrics that have no figure, those of one reason together."""
    if not skipped:
        return Markup()
    reasons: dict[str, list[str]] = {}
    for name, reason in skipped.items():
        reasons.setdefault(reason, []).append(name)
    count = f"{len(skipped)} metric{'s' * (len(skipped) != 1)} left out"
    listed = told({", ".join(names): reason for reason, names in reasons.items()})
    return tag("details", tag("summary", count), listed, class_="skipped")


def heading(title: str) -> Markup:
    """What the browser is told."""
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=Markup(POLICY)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", source("page.css")),
    )


def source(name: str) -> Markup:
    """A file of this folder, which goes into the page as it is."""
    return Markup(files("img2img.page").joinpath(name).read_text(encoding="utf-8"))


def plots(deck: Deck, charts: Sequence[Chart]) -> Markup:
    """The charts that were handed over, and how the rows' figures are spread."""
    spread = [
        histogram(metric, deck.values(metric), scale.rises)
        for metric, scale in deck.standings.items()
    ]
    given = tag("section", *map(drawn, charts), class_="charts") if charts else ""
    small = [drawn(chart, SMALL) for chart in spread]
    return joined(given, tag("section", *small, class_="charts spread") if small else "")


def pictures(deck: Deck, difference: str) -> Markup:
    """The rows, and what finds one among them."""
    count = len(deck.cards)
    if not count:
        return tag("section", tag("p", "no pictures", class_="said"))
    order = f", {deck.first} {deck.rank} first" if deck.rank else ""
    title = tag("h2", f"{count} picture{'s' * (count != 1)}", tag("span", order, id="order"))
    field = tag("input", type="search", id="filter", placeholder="part of a name")
    label = tag("label", "find ", field)
    tools = tag("div", label, tag("output", f"{count} of {count}", id="found"), class_="tools")
    said = "The bar under a figure is empty at the best of the set and full at the worst."
    if any("difference" in card.pictures for card in deck.cards):
        said += f" Difference: {difference}."
    if any(card.neighbours for card in deck.cards):
        said += " Nearest: what lies nearest to the output, with its distance."
    head = tag("div", title, tools, class_="bar")
    return tag("section", joined(head, tag("p", said, class_="said"), listing(deck)))
