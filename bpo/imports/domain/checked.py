"""A loaded JSON object, read key by key; each wrong thing is a MappingError with its path."""

from collections.abc import Collection
from typing import TypeVar

from .problems import ExplainedError
from .words import nearest
from .words import phrase as _

T = TypeVar("T")


class MappingError(ExplainedError):
    """One thing is wrong with a mapping; `path` says where, as in `columns.Agent` or `dates[1]`."""

    def __init__(self, path: str, problem: str, remedy: str) -> None:
        super().__init__(f"{path}: {problem}" if path else problem, remedy)
        self.path = path
        self.problem = problem


class Checked:
    """A JSON object at a path; its keys are known and each method reads one of them as one kind of thing."""

    def __init__(self, loaded: object, path: str, known: Collection[str]) -> None:
        self._items = _texted(loaded, path)
        self._path = path
        for name in self._items:
            if name not in known:
                raise MappingError(self.at(name), _("This key is not known."), nearest(name, known))

    def at(self, name: str) -> str:
        """Return the path of a key."""
        return f"{self._path}.{name}" if self._path else name

    def raw(self, name: str) -> object:
        """Return what stands under a key, None where nothing does."""
        return self._items.get(name)

    def text(self, name: str, default: str | None = None) -> str:
        """Read a text; without a default it must be there."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        return _text(value, self.at(name))

    def whole(self, name: str, default: int | None, *, low: int, high: int) -> int:
        """Read a whole number within low..high; without a default it must be there."""
        value = self.raw(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _wrong(self.at(name), value, _("a whole number from {low} to {high}", low=low, high=high))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Read a list of texts, () where there is none."""
        value = self.raw(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise _wrong(self.at(name), value, _("a list of texts"))
        return tuple(_text(item, f"{self.at(name)}[{index}]") for index, item in enumerate(value))

    def names(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Read a list of names, each of them known and none of them twice."""
        found = self.texts(name)
        for index, item in enumerate(found):
            path = f"{self.at(name)}[{index}]"
            if item not in known:
                raise MappingError(path, _('"{item}" is not known here.', item=item), nearest(item, known))
            if item in found[:index]:
                raise MappingError(path, _('"{item}" occurs twice.', item=item), _("Keep one of them."))
        return found

    def words(self, name: str) -> dict[str, str]:
        """Read an object of texts, {} where there is none."""
        return word_table(self.raw(name), self.at(name))

    def tables(self, name: str, known: Collection[str]) -> dict[str, dict[str, str]]:
        """Read an object of objects of texts, its keys known."""
        value = self.raw(name)
        if value is None:
            return {}
        outer = Checked(value, self.at(name), known)
        return {key: word_table(item, outer.at(key)) for key, item in outer._items.items()}


def word_table(value: object, path: str) -> dict[str, str]:
    """Read an object of texts with trimmed keys, {} for None."""
    if value is None:
        return {}
    return {name.strip(): _text(item, f"{path}.{name}") for name, item in _texted(value, path).items()}


def _texted(value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _wrong(path, value, _("an object"))
    for name in value:
        if not isinstance(name, str):
            raise _wrong(path, name, _("text as each key"))
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong(path, value, _("a text"))
    return value


def _wrong(path: str, value: object, wanted: str) -> MappingError:
    if value is None:
        return MappingError(path, _("This is missing."), _("Give {wanted}.", wanted=wanted))
    kinds = {
        bool: _("yes or no"),
        int: _("a number"),
        float: _("a number"),
        str: _("a text"),
        list: _("a list"),
        dict: _("an object"),
    }
    return MappingError(
        path,
        _("This is {kind}.", kind=kinds.get(type(value), type(value).__name__)),
        _("Give {wanted}.", wanted=wanted),
    )
