class BackupError(Exception):
    """Why a copy cannot be made, used or put back: a sentence that says what to do."""
