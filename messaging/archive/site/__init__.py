"""The whole site as a folder: JSON lines that any program can read, and the bytes of all files.

`docs/export.md` describes the format. `nouns` declares what each line has, `left_out` what is not in it and
why; a test compares both with all models, so that nothing new is forgotten. `exporting` writes the folder,
and goes on where it was interrupted; `importing` reads it into an empty installation, all of it or nothing.
"""
