"""Importing people on the operator's host: upload, preview, progress, and what became of each row."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attrition.domain.importing import is_protected
from attrition.importer import IMPORTER
from attrition.importing import ZONE, create_run, keep, queue_run, rows_of
from bpo.acting import operator_of, principal_of
from bpo.imports.domain.jsontext import JsonError, load_json
from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.problems import ExplainedError, Problem, error_file
from bpo.imports.forms import UploadForm
from bpo.imports.reading import guess, presets
from bpo.ops_audit.services import record
from bpo.permissions import Permission, requires
from bpo.slots import Panel, people_imported
from workforce.models import PeopleImport, PeopleProblem

SHOWN, FIRST = 200, 10


@requires(Permission.IMPORT_PEOPLE)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see the runs before. What can't be read is refused with the remedy, and not kept."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, presets=presets(IMPORTER, ZONE))
    del form.fields["kind"]
    if request.method == "POST" and form.is_valid():
        try:
            made = _receive(form.cleaned_data, request)
        except ExplainedError as error:
            form.add_error("mapping" if isinstance(error, MappingError | JsonError) else "file", str(error))
        else:
            return redirect("hr:import", made.pk)
    runs = PeopleImport.objects.defer("rows")[:20]
    status = 422 if request.method == "POST" else 200
    return render(request, "attrition/imports.html", {"form": form, "runs": runs}, status=status)


def _receive(data: dict[str, Any], request: HttpRequest) -> PeopleImport:
    file = data["file"]
    if data["mapping"]:
        loaded = load_json(data["mapping"].read())
    elif data["preset"]:
        loaded = presets(IMPORTER, ZONE)[data["preset"]]
    else:
        loaded = guess(file, IMPORTER, zone=ZONE, encoding=data["encoding"] or "utf-8")
    if data["encoding"] and isinstance(loaded, dict):
        loaded = {**loaded, "encoding": data["encoding"]}
    mapping = IMPORTER.read_mapping(loaded, zone=ZONE)
    file.seek(0)
    kept = keep(file, mapping, size=file.size)
    return create_run(name=file.name, mapping=mapping, kept=kept, by=operator_of(request), now=timezone.now())


@requires(Permission.IMPORT_PEOPLE)
@require_safe
def one_import(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: the first rows as they will be read, then progress, then what became of them."""
    run = _run(run_id)
    if run.state != PeopleImport.State.UPLOADED:
        return render(request, "attrition/import_run.html", _told(run, request))
    mapping = IMPORTER.read_mapping(run.mapping, zone=ZONE)
    rows = rows_of(run)
    fields = list(mapping.columns.values())
    context = {
        "run": run,
        "fields": fields,
        "rows": [_look(number, found, fields) for number, found in IMPORTER.parse(rows[:FIRST], mapping)],
        "left_out": [(header, is_protected(header)) for header in run.left_out],
    }
    return render(request, "attrition/import_preview.html", context)


@requires(Permission.IMPORT_PEOPLE)
@require_POST
def start(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = _run(run_id)
    queue_run(run_id=run.pk, by=operator_of(request), now=timezone.now())
    return redirect("hr:import", run.pk)


@requires(Permission.IMPORT_PEOPLE)
@require_safe
def progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The part of the page that changes; it asks again by itself until the run is over."""
    return render(request, "imports/_run.html", _told(_run(run_id), request))


@requires(Permission.IMPORT_PEOPLE)
@require_safe
def problems(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rejected rows as CSV, safe to open in a spreadsheet program."""
    run = _run(run_id)
    with transaction.atomic():
        now = timezone.now()
        record(action="people_import.problems_downloaded", target=run, by=operator_of(request), now=now)
    found = PeopleProblem.objects.filter(run=run).iterator(chunk_size=2000)
    content = b"".join(error_file(Problem(one.row, one.field, one.problem, one.remedy) for one in found))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{run_id}.csv"'
    return response


def _look(number: int, found: Any, fields: list[str]) -> dict[str, Any]:
    if isinstance(found, list):
        return {"number": number, "problems": found}
    return {"number": number, "cells": [getattr(found, name) for name in fields]}


def _told(run: PeopleImport, request: HttpRequest) -> dict[str, Any]:
    done = run.state == PeopleImport.State.DONE
    panels = people_imported.collect(Panel(run.pk, principal_of(request), request)) if done else []
    return {
        "panels": [mark_safe(panel) for panel in panels],  # noqa: S308 - rendered by templates, which escape
        "run": run,
        "over": run.state in (PeopleImport.State.DONE, PeopleImport.State.FAILED),
        "accepted": run.created + run.updated + run.unchanged,
        "problems": PeopleProblem.objects.filter(run=run)[:SHOWN] if run.rejected else [],
        "shown": SHOWN,
        "noun": IMPORTER.noun,
        "progress_url": reverse("hr:progress", args=[run.pk]),
        "new_url": reverse("hr:imports"),
        "problems_url": reverse("hr:problems", args=[run.pk]),
    }


def _run(run_id: UUID) -> PeopleImport:
    run = PeopleImport.objects.filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run
