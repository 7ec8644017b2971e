"""The table of pictures: a line of figures and a line of pictures for each."""

from math import isnan

from img2img.page.cards import Card, Deck
from img2img.page.markup import Markup, joined, tag
from img2img.page.numbers import UNDEFINED, machine, written
from img2img.page.standing import Standing


def listing(deck: Deck) -> Markup:
    """The whole table, as the deck is sorted."""
    rank = tag("th", "rank", scope="col", class_="rank")
    name = tag("th", "picture", scope="col", class_="name")
    heads = [head(deck, metric) for metric in deck.standings]
    top = tag("thead", tag("tr", rank, name, *heads))
    bodies = [body(deck, i) for i in range(len(deck.cards))]
    return tag("table", top, *bodies, id="rows", class_="rows")


def head(deck: Deck, metric: str) -> Markup:
    """A heading, which is a button where it can order."""
    if metric not in deck.ordering:
        return tag("th", metric, scope="col")
    rises, first = deck.standings[metric].rises, metric == deck.rank
    button = tag("button", metric, arrow(rises), type="button")
    return tag(
        "th",
        button,
        scope="col",
        data_rises=None if rises is None else "yes" if rises else "no",
        data_order="worst" if first else None,
        aria_sort=("ascending" if rises else "descending") if first else None,
    )


def arrow(rises: bool | None) -> Markup:
    """Which way is better."""
    if rises is None:
        return Markup()
    better = "higher is better" if rises else "lower is better"
    return tag("span", "\N{UPWARDS ARROW}" if rises else "\N{DOWNWARDS ARROW}", title=better)


def body(deck: Deck, place: int) -> Markup:
    """A picture's two lines."""
    card, rank = deck.cards[place], deck.rank
    value = card.figure(rank) if rank else 0.0
    share = deck.standings[rank].share(value) if rank else None
    number = UNDEFINED if isnan(value) else str(place + 1)
    cells = [cell(card.figure(name), name, scale) for name, scale in deck.standings.items()]
    figures = tag(
        "tr",
        tag("td", tag("b", number), class_="rank", title=f"{number} of {len(deck.cards)}"),
        tag("th", card.name, scope="row", class_="name"),
        *cells,
        class_="figures",
    )
    pictures = tag("tr", tag("td", shown(card), colspan=2 + len(cells)), class_="shown")
    mark = None if share is None else f"--p:{share:.3f}"
    return tag("tbody", figures, pictures, id=f"row-{place}", data_name=card.name, style=mark)


def cell(value: float, metric: str, scale: Standing) -> Markup:
    """A figure above a bar, the longer and stronger the worse."""
    share = scale.share(value)
    bar = Markup() if share is None else tag("i")
    kind = "neutral" if scale.rises is None else "worst" if value == scale.worst else None
    mark = None if share is None else f"--p:{share:.3f}"
    number = machine(value)
    return tag(
        "td", tag("b", written(value)), bar, data_v=number, data_m=metric, class_=kind, style=mark
    )


def shown(card: Card) -> Markup:
    """The pictures side by side, which a click enlarges, and the neighbours."""
    pictures = [
        tag("span", image.image(f"{title} of {card.name}"), tag("span", title), class_="picture")
        for title, image in card.pictures.items()
    ]
    near = [
        tag(
            "span",
            each.picture.image(f"near to {card.name}: {each.name}"),
            tag("span", written(each.distance, 3)),
            class_="near",
            title=each.name,
        )
        for each in card.neighbours
    ]
    if not pictures and not near:
        return Markup()
    if near:
        near = [tag("span", tag("span", "nearest", class_="said"), *near, class_="nearest")]
    label = f"enlarge the pictures of {card.name}"
    return tag("button", joined(*pictures, *near), type="button", aria_label=label)
