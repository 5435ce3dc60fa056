"""Patterns for property tests: what a team may write for a custom rule, the sensible and the hostile."""

from __future__ import annotations

from hypothesis import strategies as st

ALPHABET = "ab1_- "
CLASSES = ("a", "b", "1", "_", "-", "[ab]", "[a-z]", "[^a]", "[^a-z]", r"\w", r"\d", r"\s", r"\S", r"\W", ".")


def patterns(most: int, *, leaves: int = 8, edges: bool = True, flags: bool = True) -> st.SearchStrategy[str]:
    """Texts of patterns, most of which are valid.

    most    the largest number in a repeat
    leaves  how many classes there are at most
    edges   with `\\b` and `\\B`
    flags   with `(?i:…)`
    """
    counts = st.tuples(st.integers(0, most), st.integers(1, most)).map(lambda pair: (min(pair), max(pair)))
    return st.recursive(
        st.sampled_from((*CLASSES, *((r"\b", r"\B") if edges else ()))),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda options: f"(?:{'|'.join(options)})"),
            st.tuples(inner, counts, st.sampled_from(("", "?"))).map(_repeated),
            inner.map(lambda body: f"(?i:{body})" if flags else body),
        ),
        max_leaves=leaves,
    )


def _repeated(parts: tuple[str, tuple[int, int], str]) -> str:
    body, (least, most), lazy = parts
    return f"(?:{body}){{{least},{most}}}{lazy}"
