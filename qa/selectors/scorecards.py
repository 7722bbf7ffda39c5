"""Scorecards with their drafts and versions."""

from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from qa.models import DraftEdit, Scorecard, ScorecardDraft, ScorecardVersion, TemplateCopy


def scorecards() -> QuerySet[Scorecard]:
    """Every scorecard by name, with its draft and the facts of its newest version."""
    newest = ScorecardVersion.objects.filter(scorecard=OuterRef("pk")).order_by("-number")
    return (
        Scorecard.objects.select_related("draft__edited_by", "template")
        .annotate(
            newest_id=Subquery(newest.values("pk")[:1]),
            number=Subquery(newest.values("number")[:1]),
            mode=Subquery(newest.values("mode")[:1]),
            pass_mark=Subquery(newest.values("pass_mark")[:1]),
            published_at=Subquery(newest.values("published_at")[:1]),
        )
        .order_by("name", "pk")
    )


def scorecard_by_id(card_id: UUID) -> Scorecard | None:
    return Scorecard.objects.select_related("template").filter(pk=card_id).first()


def draft_of(card_id: UUID) -> ScorecardDraft | None:
    """The draft of a scorecard, with who edited and who asked."""
    related = ("scorecard__template", "edited_by", "asked_by")
    return ScorecardDraft.objects.select_related(*related).filter(scorecard_id=card_id).first()


def newest_version(card_id: UUID) -> ScorecardVersion | None:
    return versions_of(card_id).first()


def versions_of(card_id: UUID) -> QuerySet[ScorecardVersion]:
    """Published versions, newest first."""
    found = ScorecardVersion.objects.filter(scorecard_id=card_id).select_related("published_by", "written_by")
    return found.order_by("-number")


def undoable(draft: ScorecardDraft, actor: UUID | None) -> bool:
    """Whether this person has an edit of the draft that can be taken back."""
    known = DraftEdit.objects.filter(draft=draft, edited_by_id=actor).defer("step", "back")
    return last_of(list(known), actor) is not None


def templates() -> QuerySet[TemplateCopy]:
    """What the operator's library offers here: of each template the newest version."""
    newest = TemplateCopy.objects.filter(template_id=OuterRef("template_id")).order_by("-number")
    return TemplateCopy.objects.filter(pk=Subquery(newest.values("pk")[:1])).order_by("name", "pk")


def newer_template(card: Scorecard) -> TemplateCopy | None:
    """The version of its template that was offered after the one a scorecard follows."""
    if card.template is None:
        return None
    found = TemplateCopy.objects.filter(template_id=card.template.template_id, number__gt=card.template.number)
    return found.order_by("-number").first()


def last_of(edits: list[DraftEdit], actor: UUID | None) -> DraftEdit | None:
    """The last edit of an actor that is neither an undo nor taken back."""
    taken_back = {one.takes_back for one in edits}
    own = [
        one for one in edits if one.edited_by_id == actor and one.takes_back is None and one.number not in taken_back
    ]
    return own[-1] if own else None
