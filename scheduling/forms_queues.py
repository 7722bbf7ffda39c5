"""Forms of the queues there are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.models import Queue
from interactions.models.vocabulary import Channel


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60)


class QueueForm(NameForm):
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    direction = forms.ChoiceField(label=_("Direction"), choices=Queue.Direction.choices)
