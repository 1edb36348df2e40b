"""What the files of the user contained when they were read, so that other content is noticed.

Snakemake runs a job again if an input file is newer than its results. It does not see other content
with an older time, as `cp -p`, `rsync -a` and `tar x` leave it. The rules that read such files have
the digest of their content as a parameter, and a changed parameter runs a job again.
"""

import contextlib
import hashlib
import json
import os

from gaussianity.io.files import replacing

MOST_FILES = 1000  # whose content is read; of more files, sizes and times count
MOST_BYTES = 2**28  # of together as many bytes


class ReadFiles:
    """Digests of the content of files, kept between the starts of Snakemake.

    Args:    record - path of the JSON file that keeps them: file to size, times, checksum.
    """

    def __init__(self, record):
        self.record, self.known, self.is_changed = record, _loaded(record), False

    def digest(self, files):
        """Digest of the files' names and content.

        Of more than MOST_FILES files, and of files beyond MOST_BYTES bytes in all, size and time of
        the last change stand for the content.
        """
        left = MOST_BYTES if len(files) <= MOST_FILES else -1
        found = hashlib.sha256()
        for file in map(str, files):
            try:
                stat = os.stat(file)
            except FileNotFoundError:  # Snakemake names it
                continue
            left -= stat.st_size
            is_read = left >= 0 and not os.path.isdir(file)  # a folder stands for many files
            content = self._checksum(file, stat) if is_read else f"{stat.st_mtime_ns}"
            found.update(f"{file}\0{stat.st_size}\0{content}\0".encode())
        return found.hexdigest()

    def _checksum(self, file, stat):
        """Checksum of a file, computed only if its size or one of its times is another."""
        times = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
        *kept, checksum = self.known.get(file, [None])
        if kept != times:
            with open(file, "rb") as opened:
                checksum = hashlib.file_digest(opened, "sha256").hexdigest()
            self.known[file] = [*times, checksum]
            self.is_changed = True
        return checksum

    def save(self):
        """Write the record if it has changed; nothing where the folder cannot be written."""
        if self.is_changed:
            with contextlib.suppress(OSError), replacing(self.record) as temporary:
                temporary.write_text(json.dumps(self.known, indent=1))


def _loaded(record):
    """The record; {} where there is none, or a damaged one."""
    try:
        with open(record) as opened:
            known = json.load(opened)
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
