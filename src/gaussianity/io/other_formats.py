"""What a file is that is not the pickle that its name says, from its first bytes."""

from gaussianity.errors import InputError

KINDS = {
    b"PK\x03\x04": "a zip archive, as torch.save writes it; save the network with gaussianity's "
    "save_denoiser or as NVIDIA's EDM does",
    b"\x1f\x8b": "a gzip archive; unpack it",
    b"\x89HDF": "an HDF5 file",
    b"version https://git-lfs": "a pointer of Git LFS; fetch the file itself with git lfs pull",
    b"<": "an HTML or XML page, as a failed download leaves it; download the file again",
}


def require_no_other(path, expected):
    """Raise an InputError that says what a file is, if it begins as another format does.

    Args:    path - an existing file; expected - what it should be, in words.
    """
    with open(path, "rb") as file:
        head = file.read(64)
    if head[8:10] == b'{"' and not head.startswith(b"\x80"):
        raise InputError(f"{path}: expected {expected}, found a file of safetensors")
    for start, kind in KINDS.items():
        if head.lstrip().startswith(start):
            raise InputError(f"{path}: expected {expected}, found {kind}")
