"""Whether this installation is well: `/up` and `/ready` for programs, `manage.py doctor` for people.

- `/up` (`up.py`): the process is alive. Answered by the event loop, so also while every worker is busy.
- `/ready` (`ready.py`): this process can serve: database, migrations, disk, and its own background loop.
- `checks/`: what `manage.py doctor` looks at. Each module has a function `check` that yields findings.

Neither address names a version, a host or a person, and neither reads anything of the request but its path
and method. So both are answered before hosts are checked and before redirects to https: a health check
comes from the same machine or container, by an IP address and without a proxy.
"""
