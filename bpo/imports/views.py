"""Imports: the list, the upload, and one run from its preview to its result."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bpo.acting import by_of, principal_of
from bpo.audit.services import record_read
from bpo.files.services import TooLarge, open_file
from bpo.imports.domain.jsontext import JsonError
from bpo.imports.domain.mapping import MappingError
from bpo.imports.domain.problems import ExplainedError, FileError, error_file
from bpo.imports.forms import UploadForm
from bpo.imports.models import ImportRun
from bpo.imports.reading import explained, presets
from bpo.imports.registry import IMPORTERS, Importer, reads_files
from bpo.imports.selectors import as_problems, problems_of, run_by_id, runs
from bpo.imports.services import NotNow, change_mapping, queue_run
from bpo.imports.uploading import Preview, Upload, preview, receive, with_choices
from bpo.permissions import Permission, may, requires
from bpo.tenancy.context import current_client
from bpo.ui.toasts import toast

SHOWN = 200


@requires(Permission.SEE_IMPORTS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    kinds = _kinds(request)
    page = Paginator(runs(kinds), 50).get_page(request.GET.get("page"))
    others = [(one.label, reverse(one.own_page)) for one in kinds.values() if reads_files(one)]
    return render(request, "imports/list.html", {"page": page, "others": others})


@requires(Permission.SEE_IMPORTS)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file. One that can't be read is refused here, with the reason and the remedy, and not kept."""
    kinds = {key: one for key, one in _kinds(request).items() if not reads_files(one)}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    zone = current_client().zone
    packaged = [name for importer in kinds.values() for name in presets(importer, zone)]
    form = UploadForm(*sent, kinds=kinds.values(), presets=packaged, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        importer = kinds[form.cleaned_data["kind"] or next(iter(kinds))]
        try:
            run = receive(_came(form.cleaned_data), importer, by=by_of(request), now=timezone.now())
        except (ExplainedError, TooLarge) as error:
            _explain(form, error)
        else:
            return redirect("imports:run", run.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/upload.html", {"form": form}, status=status)


def _came(data: dict[str, Any]) -> Upload:
    file, mapping = data["file"], data["mapping"]
    return Upload(file, file.name, file.size, data["preset"], mapping.read() if mapping else b"", data["encoding"])


def _explain(form: UploadForm, error: ExplainedError | TooLarge) -> None:
    field = "mapping" if isinstance(error, MappingError | JsonError) else "file"
    form.add_error(field, str(error))


@requires(Permission.SEE_IMPORTS)
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One run: preview and columns, then progress, then what became of each row."""
    found = _run(request, run_id)
    if found.state == ImportRun.State.UPLOADED:
        return _columns(request, found)
    return render(request, "imports/run.html", _told(found))


@requires(Permission.SEE_IMPORTS)
@require_safe
def progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The part of the page that changes; it asks again by itself until the run is over."""
    return render(request, "imports/_run.html", _told(_run(request, run_id)))


@requires(Permission.SEE_IMPORTS)
@require_POST
def start(request: HttpRequest, run_id: UUID) -> HttpResponse:
    found = _run(request, run_id)
    seen = _preview(found, found.mapping)
    if found.state == ImportRun.State.UPLOADED and seen.error:
        return _page_of_columns(request, found, found.mapping, seen, status=422)
    queue_run(run_id=found.pk, by=by_of(request), now=timezone.now())
    return redirect("imports:run", found.pk)


@requires(Permission.SEE_IMPORTS)
@require_safe
def problems(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rejected rows as CSV, safe to open in a spreadsheet program."""
    found = _run(request, run_id)
    record_read(action="import.problems_downloaded", target=found, by=by_of(request), now=timezone.now())
    content = b"".join(error_file(as_problems(problems_of(found.pk))))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="problems-{found.pk}.csv"'
    return response


def _columns(request: HttpRequest, found: ImportRun) -> HttpResponse:
    seen = _preview(found, found.mapping)
    if request.method != "POST":
        return _page_of_columns(request, found, found.mapping, seen)
    loaded = with_choices(found.mapping, seen.headers, request.POST.dict())
    tried = _preview(found, loaded)
    if tried.error:
        return _page_of_columns(request, found, loaded, tried, status=422)
    try:
        change_mapping(run_id=found.pk, mapping=loaded)
    except NotNow as error:
        toast(request, str(error), level="warning")
    else:
        toast(request, _("Columns kept."))
    return redirect("imports:run", found.pk)


def _page_of_columns(
    request: HttpRequest, found: ImportRun, loaded: dict[str, Any], seen: Preview, *, status: int = 200
) -> HttpResponse:
    columns, constants = loaded.get("columns", {}), loaded.get("constants", {})
    importer = _importer(found)
    wide = loaded.get("wide")
    context = {
        "run": found,
        "preview": seen,
        "error": _explained(seen.error),
        "wide": wide and {**wide, "columns": len(seen.headers) - 1 - len(columns)},
        "columns": [
            (place, header, columns.get(header, ""))
            for place, header in enumerate(seen.headers)
            if header and (header in columns or not wide)
        ],
        "fields": sorted(importer.aliases),
        "constants": [
            (name, constants.get(name, ""))
            for name in importer.constants
            if name not in {*columns.values(), *(wide or ())}
        ],
        "creates": importer.creates,
        "creating": loaded.get("create_missing", []),
        "zone": loaded.get("zone") or current_client().zone,
        "dates": "\n".join(loaded.get("dates", [])),
        "noun": importer.noun,
    }
    return render(request, "imports/columns.html", context, status=status)


def _explained(error: FileError | MappingError | None) -> tuple[str, str] | None:
    return explained(error) if error else None


def _preview(found: ImportRun, loaded: dict[str, Any]) -> Preview:
    with open_file(found.file) as stream:
        return preview(stream, _importer(found), loaded)


def _told(found: ImportRun) -> dict[str, Any]:
    over = found.state in (ImportRun.State.DONE, ImportRun.State.FAILED)
    rejected = problems_of(found.pk)[:SHOWN] if found.rejected else []
    return {
        "run": found,
        "over": over,
        "accepted": found.created + found.updated + found.unchanged,
        "problems": rejected,
        "shown": SHOWN,
        "noun": _importer(found).noun,
        "new_url": reverse(own.own_page) if reads_files(own := _importer(found)) else "",
    }


def _importer(found: ImportRun) -> Importer:
    return IMPORTERS[found.kind]


def _kinds(request: HttpRequest) -> dict[str, Importer]:
    """The kinds of import that this person may use."""
    principal = principal_of(request)
    return {key: one for key, one in IMPORTERS.items() if may(principal, Permission(one.permission))}


def _run(request: HttpRequest, run_id: UUID) -> ImportRun:
    found = run_by_id(run_id, _kinds(request))
    if found is None:
        raise Http404
    return found
