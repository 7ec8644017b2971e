"""Cards: rows whose pictures are encoded, and the order of their figures."""

from collections.abc import Iterable, Mapping, Sequence
from math import isnan, nan
from typing import NamedTuple

from img2img.page.parts import Figure, Row
from img2img.page.standing import Standing, standing, worst_first
from img2img.page.thumbnails import EDGE, Thumbnail, thumbnail

NEAR = EDGE // 2  # pixels of the longer side of a neighbour


class Near(NamedTuple):
    """A neighbour, encoded."""

    name: str
    distance: float
    picture: Thumbnail


class Card(NamedTuple):
    """A row, encoded."""

    name: str
    figures: Mapping[str, float]
    pictures: Mapping[str, Thumbnail]
    neighbours: Sequence[Near]

    def figure(self, metric: str) -> float:
        """Undefined, nan, where there is none."""
        return self.figures.get(metric, nan)


class Deck(NamedTuple):
    """All cards, from the worst to the best."""

    cards: Sequence[Card]
    rank: str | None
    """The metric that orders them; None: they stand as they came."""
    standings: Mapping[str, Standing]
    """How each metric's figures lie, first of those that order, then of the others."""
    ordering: frozenset[str]
    """The metrics whose headings order the cards."""

    def values(self, metric: str) -> list[float]:
        """The cards' figures."""
        return [card.figure(metric) for card in self.cards]

    @property
    def first(self) -> str:
        """What the first card is by the metric that ranks."""
        return "largest" if self.standings[self.rank or ""].rises is None else "worst"

    def worst(self, metric: str) -> Card | None:
        """The first of the worst, if any is."""
        worst = self.standings[metric].worst
        return next((card for card in self.cards if card.figure(metric) == worst), None)


def encoded(row: Row) -> Card:
    """The row with thumbnails for pictures."""
    near = [Near(name, far, thumbnail(picture, NEAR)) for name, far, picture in row.neighbours]
    shown = {title: thumbnail(picture) for title, picture in row.pictures.items()}
    return Card(row.name, dict(row.figures), shown, near)


def sorted_deck(rows: Iterable[Row], figures: Sequence[Figure], rank: str | None) -> Deck:
    """Every row encoded as it comes, the worst by `rank` first.

    Without a `rank`, the first of `figures` that the rows have and that has a worse end orders.

    Raises:
        ValueError: there are rows, but `rank` is no metric of both `figures` and rows.
    """
    cards = [encoded(row) for row in rows]
    there = {name for card in cards for name, value in card.figures.items() if not isnan(value)}
    known = dict.fromkeys(name for card in cards for name in card.figures)
    rises = {figure.name: figure.rises for figure in figures if figure.name in known}
    if cards and rank is not None and rank not in rises:
        names = ", ".join(rises) or "none"
        raise ValueError(f"no picture can be ranked by {rank!r}; choose from {names}")
    if rank is None:
        directed = (name for name, up in rises.items() if up is not None and name in there)
        rank = next(directed, None)
    standings = {
        name: standing([card.figure(name) for card in cards], rises.get(name))
        for name in [*rises, *(name for name in known if name not in rises)]
    }
    if cards and rank is not None:
        order = worst_first([card.figure(rank) for card in cards], rises[rank])
        cards = [cards[i] for i in order]
    return Deck(cards, rank if cards else None, standings, frozenset(rises))
