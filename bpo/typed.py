"""Fields for what people type and files bring: card numbers are masked before a row is written or looked for.

In migrations they are Django's own fields: they change what is stored, not the columns. A field for text that the
product makes itself stays Django's; a test lists those.
"""

from typing import TYPE_CHECKING, Any

from django.db import models

from bpo.cards import masked_all


class _Typed:
    """Masks on the object as it is saved, so that what is shown next is what is stored, and in every query."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        name: str = self.attname  # type: ignore[attr-defined]  # of the field this is mixed into
        value = super().pre_save(instance, add)  # type: ignore[misc]
        hidden = value if hasattr(value, "resolve_expression") else masked_all(value)
        if hidden != value:
            setattr(instance, name, hidden)
        return hidden

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)  # type: ignore[misc]
        return prepared if hasattr(prepared, "resolve_expression") else masked_all(prepared)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{type(self).__name__.removeprefix('Typed')}Field", args, kwargs


if TYPE_CHECKING:  # to a type checker they are the fields they stand for, whose types follow from their arguments
    TypedChar, TypedText, TypedJSON = models.CharField, models.TextField, models.JSONField
else:

    class TypedChar(_Typed, models.CharField):
        """A line of text."""

    class TypedText(_Typed, models.TextField):
        """Text of any length."""

    class TypedJSON(_Typed, models.JSONField):
        """What JSON can hold; texts in it are masked, at any depth."""
