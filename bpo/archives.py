"""What reading a damaged or hostile archive raises."""

import zipfile
import zlib
from typing import Final

# The standard library checks little of what a header claims before it acts on it: a wrong offset becomes a negative
# seek (ValueError), a name in no encoding a UnicodeError (a ValueError too), a part that is not there a KeyError.
DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
