"""An archive of sounds from strangers: which of its members are read, and why the others are not."""

import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from bpo.imports.domain.problems import FileError
from bpo.imports.domain.words import phrase as _

MANIFEST: Final = "manifest.csv"
MOST: Final = 5_000  # members
RATIO: Final = 500  # no speech shrinks to that
RATIO_FROM: Final = 10_000_000  # bytes; below this a ratio does no harm
PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SOUNDS: Final = (".wav", ".wave", ".mp3", ".ogg", ".oga", ".opus", ".flac")
LEFT_BY_SYSTEMS: Final = re.compile(r"^__MACOSX/|(^|/)(\.DS_Store|Thumbs\.db|desktop\.ini)$")
OUTSIDE: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|[\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name there, and what is wrong with it before it is opened."""

    info: zipfile.ZipInfo
    problem: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """As it is in the archive; an archive says it twice, and the first time may hold a NUL."""
        return self.info.orig_filename or self.info.filename

    @property
    def references(self) -> tuple[str, ...]:
        """What the interaction may be called after whom it is named: the name without its suffix, then all of it."""
        last = re.split(r"[/\\]", self.name)[-1]
        stem = last.rsplit(".", 1)[0]
        return tuple(dict.fromkeys(one for one in (stem, last) if one))


def members(found: Iterable[zipfile.ZipInfo], *, largest: int, total: int) -> Iterator[Member]:
    """The files of an archive in the order of their names, `manifest.csv` left out.

    `largest` bytes may one of them hold and `total` all together. Raises FileError for an archive that as a whole
    would unpack to more than that.
    """
    files = [one for one in found if not one.is_dir() and not LEFT_BY_SYSTEMS.search(one.filename)]
    if len(files) > MOST:
        raise FileError(
            _("The archive holds {n} files; {most} are the most.", n=len(files), most=MOST),
            _("Send several smaller ones."),
        )
    if sum(one.file_size for one in files) > total:
        raise FileError(_("Unpacked the archive is larger than {n} bytes.", n=total), _("Send several smaller ones."))
    seen: set[str] = set()
    for one in sorted(files, key=lambda info: info.filename):
        if not is_manifest(one):
            yield Member(one, _problem(one, largest, one.filename in seen))
            seen.add(one.filename)


def is_manifest(info: zipfile.ZipInfo) -> bool:
    return PurePosixPath(info.filename).name.lower() == MANIFEST


def _problem(info: zipfile.ZipInfo, largest: int, again: bool) -> tuple[str, str] | None:
    """Why a member isn't opened: where it wants to be, how it is packed, or what it would become."""
    anew = _("Pack the files again, each under a plain name.")
    mode = info.external_attr >> 16
    if OUTSIDE.search(info.orig_filename) or OUTSIDE.search(info.filename):
        return _("Its name leads out of the archive."), anew
    if again:
        return _("The archive has two files of this name."), _("Leave one of them out.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return _("It is a link or a device, no file."), anew
    if info.flag_bits & 1:
        return _("It is locked with a password."), _("Pack it without one.")
    if info.compress_type not in PACKED:
        return _("It is packed in a way we don't take."), _("Pack the files as an ordinary ZIP.")
    if info.file_size > largest:
        return _("It is larger than {n} bytes.", n=largest), _("Send it as MP3 or Opus, or split it.")
    if info.file_size > RATIO_FROM and info.file_size > RATIO * max(info.compress_size, 1):
        return _("It unpacks to more than {n} times its size.", n=RATIO), _("Send it alone, on the interaction's page.")
    return None
