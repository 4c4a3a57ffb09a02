"""Long lists, a page at a time; pages count from 1."""


def pages(count: int, size: int) -> int:
    """How many pages of `size` rows `count` rows fill; an empty list has one."""
    return max(1, -(-count // size))


def within(page: int, count: int, size: int) -> int:
    """This page, or the nearest there is."""
    return min(max(1, page), pages(count, size))
