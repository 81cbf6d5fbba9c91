"""URL converters, and the rules that use them."""

import re
from collections.abc import Callable
from typing import Any

from werkzeug.routing import IntegerConverter, Rule, UnicodeConverter

_SECRET = re.compile(r"[\w-]*(?:\.[\w-]+)*", re.ASCII)  # words joined by a full stop


class RowId(IntegerConverter):
    """The id of a row. A number that does not fit 64 bits is no address of the portal (404)."""

    regex = r"\d{1,15}"


class Secret(UnicodeConverter):
    """A secret in a link of a mail. What a mail program or a person took along behind it, such as a
    full stop, a bracket or "&gt;", is cut off. Pages with one are never stored."""

    def to_python(self, value: str) -> str:
        """The secret alone."""
        return _SECRET.match(value)[0]  # type: ignore[index]  # it matches every text


class LateRule(Rule):
    """A rule that compiles the builder of its addresses when the first address is built: for all rules that took a
    third of the time of the factory. With a werkzeug that has another name for it, all are compiled at the start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_builder = super()._compile_builder

        def build_first(rule: Rule, **values: Any) -> tuple[str, str]:
            build: Any = compile_builder(append_unknown).__get__(rule)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)  # type: ignore[no-any-return]  # of the compiled code

        return build_first
