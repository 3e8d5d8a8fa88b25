class ArchiveError(Exception):
    """Why a site cannot be exported or imported: a sentence that names the place, and says what to do."""
