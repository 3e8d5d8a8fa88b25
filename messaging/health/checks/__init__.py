"""What `manage.py doctor` looks at. Each module has a function `check() -> Iterator[Finding]`."""
