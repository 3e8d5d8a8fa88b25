"""The storage of the static files, which Parley serves itself."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.http import HttpRequest, HttpResponseBase
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Compresses what is served, and nothing twice, since `manage.py serve` collects at each start.

    Pages name the files by a hash of their content, so a compressed file never has to be made again.
    """

    def create_compressor(self, **options: object) -> Compressor:
        return WholeFileCompressor(**options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        served = set(self.hashed_files.values()) & set(paths)
        yield from super().compress_files([path for path in served if not self.exists(f"{path}.br")])


class WholeFileCompressor(Compressor):
    """Writes the whole of a compressed file, or nothing, also when the process is killed."""

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        unfinished: str = super().write_data(path, data, f"{suffix}.new", stat_result)
        Path(unfinished).replace(path + suffix)
        return path + suffix


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Also serves files that were collected after this process started.

    While processes of a new version replace the old ones, a page of a new one asks an old one for its files.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.directories.append((f"{Path(self.static_root).absolute()}/", self.static_prefix))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in self.files:
            with suppress(OSError, ValueError, NotARegularFileError):  # a path that names no file
                if file := self.find_file(request.path_info):
                    return self.serve(file, request)
        return super().__call__(request)
