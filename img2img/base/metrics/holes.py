"""Holes: at which alpha the 1-D holes of a growing complex open and close (persistence over Z/2).

The column algorithm of Edelsbrunner, Letscher and Zomorodian 2002, a column being an integer whose
bits are edges.
"""

from math import inf

from img2img.base.metrics.witnesses import Complex

Interval = tuple[float, float]


def holes(shape: Complex) -> list[Interval]:
    """(opened, closed) of each hole that is open for a while; inf: it is never closed."""
    names = {(i, j): number for number, (i, j) in enumerate(shape.edges.corners.tolist())}
    opened = _loops(shape.landmarks, list(names))
    births = shape.edges.values.tolist()
    closed: dict[int, float] = {}
    columns: dict[int, int] = {}
    for (i, j, k), value in zip(
        shape.triangles.corners.tolist(), shape.triangles.values.tolist(), strict=True
    ):
        if len(closed) == len(opened):
            break
        column = 1 << names[i, j] ^ 1 << names[i, k] ^ 1 << names[j, k]
        # of a loop the youngest edge opened it; that of an older loop is taken out first
        while column and (youngest := column.bit_length() - 1) in columns:
            column ^= columns[youngest]
        if column:
            columns[youngest], closed[youngest] = column, value
    intervals = [(births[edge], closed.get(edge, inf)) for edge in opened]
    return [interval for interval in intervals if interval[0] < interval[1]]


def _loops(vertices: int, edges: list[tuple[int, int]]) -> list[int]:
    """The numbers of the edges that join what was joined already, by union and find."""
    parents = list(range(vertices))

    def root(vertex: int) -> int:
        while parents[vertex] != vertex:
            parents[vertex] = vertex = parents[parents[vertex]]
        return vertex

    opened = []
    for number, (i, j) in enumerate(edges):
        a, b = root(i), root(j)
        if a == b:
            opened.append(number)
        parents[a] = b
    return opened
