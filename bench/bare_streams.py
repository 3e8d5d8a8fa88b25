"""A server that only passes on what it receives: the floor of `bench.live`, and the measure of its generator.

A GET is a stream, and the body of a POST is sent to all streams. What arrived together is sent in one write.
There is no protection against slow readers, no access check, and nothing is stored.

    python -m bench.bare_streams 7      (the number of a listening socket)
"""

import select
import socket
import sys

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


def serve(listening: socket.socket) -> None:
    poll = select.epoll()
    poll.register(listening, select.EPOLLIN)
    streams: dict[int, socket.socket] = {}
    others: dict[int, socket.socket] = {}
    while True:
        waiting = []
        for number, _ in poll.poll():
            if number == listening.fileno():
                connection = listening.accept()[0]
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                others[connection.fileno()] = connection
                poll.register(connection, select.EPOLLIN)
                continue
            if number in streams:
                poll.unregister(number)
                streams.pop(number).close()
                continue
            data = others[number].recv(2**16)
            if data.startswith(b"GET"):
                streams[number] = others.pop(number)
                streams[number].sendall(STREAM)
            elif data:
                waiting.append(data.partition(b"\r\n\r\n")[2])
                others[number].sendall(ACCEPTED)
            else:
                poll.unregister(number)
                others.pop(number).close()
        if waiting:
            joined = b"".join(waiting)
            for stream in streams.values():
                stream.sendall(joined)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
