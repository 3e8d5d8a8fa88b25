"""How long a message takes from sending until it is in every open stream.

python -m bench.streams --streams 500 --rate 5 --seconds 20
"""

import argparse
import asyncio
import time

from bench.installation import Served, cpu_seconds_of, memory_of, serving
from bench.visitors import Listener, Visitor, summary

STREAMS_PER_PERSON = 5  # with more, the server ends the oldest


async def measure(served: Served, streams: int, rate: float, seconds: float) -> list[str]:
    lateness: list[float] = []
    took: list[float] = []
    failed: list[int] = []
    memory_before = memory_of(served.pid)
    listeners = [
        Listener(served, served.cookies[number // STREAMS_PER_PERSON], lateness) for number in range(streams)
    ]
    listening = []
    for listener in listeners:
        listening.append(asyncio.ensure_future(listener.listen()))
        await asyncio.sleep(0.004)
    await asyncio.sleep(2)
    sender = Visitor(served, served.cookies[0], took, failed)
    lateness.clear()
    start, cpu = time.monotonic(), cpu_seconds_of(served.pid)
    memory_after = memory_of(served.pid)
    count = int(seconds * rate)
    for number in range(count):
        await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
        await sender.send()
    await asyncio.sleep(2)
    used = (cpu_seconds_of(served.pid) - cpu) / (time.monotonic() - start)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return [
        summary("sent -> answered", took),
        summary("sent -> in a stream", lateness),
        f"{len(lateness)} of {count * streams} arrived, {len(failed)} failed",
        f"{used:.0%} of a core, {(memory_after - memory_before) * 1024 / streams:.0f} KB a stream",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--rate", type=float, default=5, help="messages a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with serving(people=-(-options.streams // STREAMS_PER_PERSON)) as served:
        lines = asyncio.run(measure(served, options.streams, options.rate, options.seconds))
    print(f"{options.streams} streams, {options.rate:g} messages a second, {options.seconds:g} s")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
