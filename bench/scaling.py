"""How many people how many processes and databases hold: the model of docs/scaling.md, with its simulation.

Measured costs (`bench.acts`, `bench.live`, docs/performance.md) and assumed habits give the load of each
resource. A configuration holds if none is used more than `FULL`; a simulation of the queues gives the delays.

    python -m bench.scaling
"""

from dataclasses import dataclass, replace

from bench.queueing import Act, closed, opened, quantile

FULL = 0.7
# Measured: milliseconds of the server and of PostgreSQL for each act, with nine people notified.
ACTS = {
    "room": (4.8, 2.1),
    "older": (1.4, 0.4),
    "sidebar": (2.0, 1.5),
    "send": (4.8, 2.1),
}
# Mattermost's model of a person: for each message sent, 6.5 rooms opened, two pages of older messages, and
# one look at what is unread.
PER_SEND = {"room": 6.5, "older": 2.0, "sidebar": 1.0, "send": 1.0}
NOTIFIED = 9  # in the measurement of "send"
SERVER_NOTIFY_MS, DATABASE_NOTIFY_MS = 0.006, 0.018  # for each further person
READ_MS = 8.4  # a process reads and renders a new message, and counts badges, for its streams
DELIVERY_MS = 0.022  # a message to one stream, with the person's badges
STREAM_KB = 16
BEAT_MS, BEAT_SECONDS = 0.01, 15  # a sign of life to each stream
SERVER_CHECK_MS, DATABASE_CHECK_MS, CHECK_SECONDS = 0.006, 0.002, 2  # of each conversation's version
# Processor time of a message with so many streams, five for each person: `bench.live`, 5 messages a second.
MEASURED_FAN_OUT = {200: 18.0, 1000: 35.3, 2000: 56.0}
# Assumed, not measured:
WAKEUP_MS = 0.05  # a process receives the wake-up of a message through Redis
STREAMS_A_PERSON = 1.2
COMMITS = 2000  # a second, of one PostgreSQL whose disk takes one fsync each 0.5 ms
DATABASE_CORES = 8
PROCESS_STREAMS = 20_000  # of a process with 400 MB for them


@dataclass(frozen=True)
class Size:
    """Habits of an installation at its busiest hour.

    Attributes:
        online: people with a page open.
        sends: messages a second.
        members: of the room that a message is sent to, on average; each gets a notification.
        readers: of these, how many have the room open.
        rooms: conversations of the installation.
        joined: of these, how many a person is in.
    """

    name: str
    online: int
    sends: float
    members: int
    readers: int
    rooms: int
    joined: int


@dataclass(frozen=True)
class Configuration:
    """Processes of one core each, and databases.

    Attributes:
        replicas: of each database, which answer what only reads.
        shards: databases with a part of the conversations each.
    """

    processes: int
    replicas: int = 0
    shards: int = 1


SIZES = [
    Size("team of 50", online=50, sends=50 * 6 / 3600, members=25, readers=10, rooms=20, joined=10),
    Size(
        "company of 10,000", online=4000, sends=4000 * 6 / 3600, members=50, readers=20, rooms=3000, joined=20
    ),
    Size(
        "community of 1,000,000",
        online=50_000,
        sends=50_000 * 3 / 3600,
        members=2000,
        readers=100,
        rooms=50_000,
        joined=20,
    ),
]
CONFIGURATIONS = [
    Configuration(1),
    Configuration(10),
    Configuration(100),
    Configuration(100, replicas=4),
    Configuration(100, shards=10),
]


def acts(size: Size) -> dict[str, Act]:
    """What the people do, with the work that each act causes outside of streams."""
    further = max(size.members - 1 - NOTIFIED, 0)
    found = {}
    for name, (server, database) in ACTS.items():
        is_send = name == "send"
        server += is_send * further * SERVER_NOTIFY_MS
        database += is_send * further * DATABASE_NOTIFY_MS
        found[name] = Act(size.sends * PER_SEND[name], server / 1000, database / 1000)
    return found


def with_streams(size: Size, processes: int) -> float:
    """How many processes have a stream of the room, if its readers are spread at random."""
    return processes * (1 - (1 - 1 / processes) ** (size.readers * STREAMS_A_PERSON))


def streaming(size: Size, processes: int) -> float:
    """Seconds that all processes together need to bring one message to its streams."""
    deliveries = size.readers * STREAMS_A_PERSON * DELIVERY_MS
    return (with_streams(size, processes) * READ_MS + processes * WAKEUP_MS + deliveries) / 1000


def checked(size: Size, processes: int) -> float:
    """Conversations that each process checks: those of everybody with a stream there, at random."""
    people = size.online / processes
    return size.rooms * (1 - (1 - size.joined / size.rooms) ** people)


def message_ms(streams: int) -> float:
    """Processor time of a message whose room has so many streams, all in one process."""
    return ACTS["send"][0] + READ_MS + streams * DELIVERY_MS


def usage(size: Size, configuration: Configuration) -> dict[str, float]:
    """The used share of each resource."""
    every = acts(size)
    send = every["send"]
    processes = sum(act.rate * act.server for act in every.values())
    processes += size.sends * streaming(size, configuration.processes)
    beats = size.online * STREAMS_A_PERSON / BEAT_SECONDS * BEAT_MS / 1000
    checks = configuration.processes * checked(size, configuration.processes) / CHECK_SECONDS / 1000
    processes += beats + checks * SERVER_CHECK_MS
    # What a process reads for its streams costs the database about as much as a page of older messages.
    reads = sum(act.rate * act.database for act in every.values() if act is not send)
    reads += size.sends * with_streams(size, configuration.processes) * every["older"].database
    reads += checks * DATABASE_CHECK_MS
    writes = send.rate * send.database
    primary, replicas = (writes, reads) if configuration.replicas else (writes + reads, 0)
    cores = DATABASE_CORES * configuration.shards
    streams = size.online * STREAMS_A_PERSON
    return {
        "processes": processes / configuration.processes,
        "streams": streams / configuration.processes / PROCESS_STREAMS,
        "primary": primary / cores,
        "replicas": replicas / cores / max(configuration.replicas, 1),
        "commits": size.sends / COMMITS / configuration.shards,
    }


def held(size: Size, configuration: Configuration) -> int:
    """How many people online with these habits the configuration holds."""
    low, high = 0.0, 1e9
    while high - low > 1:
        online = (low + high) / 2
        other = replace(size, online=round(online), sends=size.sends * online / size.online)
        if max(usage(other, configuration).values()) <= FULL:
            low = online
        else:
            high = online
    return int(low)


def simulate(size: Size, configuration: Configuration, requests: int = 20_000) -> tuple[float, float]:
    """The median and the 99th percentile of the responses, in seconds.

    The work for streams comes in between, in pieces of the size of one process's share of a message.
    """
    every = list(acts(size).values())
    spread = with_streams(size, configuration.processes)
    share = streaming(size, configuration.processes) / spread
    every.append(Act(size.sends * spread, share, ACTS["older"][1] / 1000, is_awaited=False))
    seconds = requests / sum(act.rate for act in every)
    cores = DATABASE_CORES * configuration.shards * (1 + configuration.replicas)
    took = opened(every, configuration.processes, cores, seconds)
    return quantile(took, 0.5), quantile(took, 0.99)


def largest_fan_out(rate: float) -> float:
    """Streams of one room that one process holds with so many messages a second."""
    return max(FULL / rate * 1000 - message_ms(0), 0) / DELIVERY_MS


def largest_room(milliseconds: float) -> float:
    """Members of a room whose messages keep the next one waiting for so long: sends of a room queue."""
    each = SERVER_NOTIFY_MS + DATABASE_NOTIFY_MS
    return NOTIFIED + 1 + max(milliseconds - sum(ACTS["send"]), 0) / each


def main() -> None:
    print("16 clients of one process, simulated from the processor time alone: requests/s and p50 ms")
    for name, work in {"room page": 4.95, "messages": 1.24, "sidebar": 2.38, "send": 4.99}.items():
        took = closed(work / 1000, clients=16, seconds=4)
        print(f"  {name}: {len(took) / 4:.0f}, {quantile(took, 0.5) * 1000:.0f}")
    print("\n| messages a second in a room | streams that one process holds |\n|---:|---:|")
    for rate in (0.2, 1, 5, 20):
        print(f"| {rate} | {largest_fan_out(rate):,.0f} |")
    print("\n| a message keeps the next one waiting, ms | members of the room |\n|---:|---:|")
    for milliseconds in (20, 100, 1000):
        print(f"| {milliseconds} | {largest_room(milliseconds):,.0f} |")
    print("\n| | processes, replicas, shards | busiest | p50 / p99 ms | would hold, online |")
    print("|---|---|---:|---:|---:|")
    for size in SIZES:
        for configuration in CONFIGURATIONS:
            used = usage(size, configuration)
            name, share = max(used.items(), key=lambda one: one[1])
            one = configuration
            which = f"{one.processes}, {one.replicas}, {one.shards}"
            delays = "–"
            if share <= FULL:
                delays = " / ".join(f"{seconds * 1000:.0f}" for seconds in simulate(size, configuration))
            most = f"{held(size, configuration):,}"
            print(f"| {size.name} | {which} | {name} {share:.0%} | {delays} | {most} |")


if __name__ == "__main__":
    main()
