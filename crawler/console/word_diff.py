"""Word-level diff of two texts, in the notation of `git diff --word-diff`. Pure."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Words with the white space after them; scripts without spaces between words are compared by character.
_TOKEN = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿가-힯]\s*|[^\s぀-ヿ㐀-䶿一-鿿豈-﫿가-힯]+\s*|\s+")
_MOST = 1_000_000  # pairs of equal words: difflib's time grows with their number
_CONTEXT = 8  # unchanged tokens shown on either side of a change


def word_diff(old: str, new: str) -> str:
    """Return *new* with its changes from *old* marked: [-removed-]{+added+}; "…" replaces unchanged text."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    return "".join(_pieces(before, after)).strip()


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    # Tokens are compared without the white space after them.
    old, new = ([token.strip() for token in tokens] for tokens in (before, after))
    codes = _opcodes(old, new)
    for number, (operation, start, end, new_start, new_end) in enumerate(codes):
        if operation == "equal":
            yield _shortened(after[new_start:new_end], is_first=number == 0, is_last=number == len(codes) - 1)
            continue
        removed, added = "".join(before[start:end]), "".join(after[new_start:new_end])
        # White space goes outside the brackets.
        space = added[len(added.rstrip()) :] if added else removed[len(removed.rstrip()) :]
        yield f"[-{removed.rstrip()}-]" if removed.strip() else ""
        yield f"{{+{added.rstrip()}+}}" if added.strip() else ""
        yield space


def _shortened(tokens: Sequence[str], *, is_first: bool, is_last: bool) -> str:
    """Return the unchanged *tokens*, with "…" for those far from any change."""
    if is_first and is_last:
        return "".join(tokens)
    head = () if is_first else tokens[:_CONTEXT]
    tail = () if is_last else tokens[-_CONTEXT:]
    if len(head) + len(tail) >= len(tokens):
        return "".join(tokens)
    return f"{''.join(head)}… {''.join(tail)}"


def _opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return difflib's opcodes; if they would take too long, all between the common ends is replaced."""
    least = min(len(old), len(new))
    head = next((at for at in range(least) if old[at] != new[at]), least)
    tail = next((at for at in range(least - head) if old[-1 - at] != new[-1 - at]), least - head)
    ends = head, len(old) - tail, head, len(new) - tail
    middle = [("replace", *ends)]
    counts = Counter(old[head : ends[1]]), Counter(new[head : ends[3]])
    if sum(count * counts[1][word] for word, count in counts[0].items()) <= _MOST:
        matcher = SequenceMatcher(None, old[head : ends[1]], new[head : ends[3]], autojunk=False)
        middle = [(operation, *(at + head for at in places)) for operation, *places in matcher.get_opcodes()]  # type: ignore[misc]
    first, last = ("equal", 0, head, 0, head), ("equal", ends[1], len(old), ends[3], len(new))
    codes = [first, *middle, last]
    return [code for code in codes if code[2] > code[1] or code[4] > code[3]]
