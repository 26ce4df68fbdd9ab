"""The private PostgreSQL and Redis of an embedded deployment, started for as long as something needs them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config import MARK, Settings
from launcher.keys import kept_keys
from launcher.lock import deployment_lock
from launcher.postgres import PostgresServer, durable_settings, embedded_binaries
from launcher.processes import Program, end_marked, stop
from launcher.redis_server import RedisServer


@dataclass(frozen=True, slots=True)
class Running:
    """A program and the process it became."""

    program: Program
    child: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it, politely first."""
        stop(self.child, self.program)


def child_environment(settings: Settings) -> dict[str, str]:
    """Return our own environment with the mark by which a later start recognises what we left."""
    return {**os.environ, MARK: str(settings.data_dir)}


def postgres_of(settings: Settings) -> PostgresServer:
    """Return the private PostgreSQL of this deployment, not yet started."""
    places = settings.places
    return PostgresServer(
        folder=places.postgres,
        sockets=places.sockets,
        log=places.logs / "postgres.log",
        environment=child_environment(settings),
        keys=kept_keys(places.secrets),
        binaries=embedded_binaries(),
        options=durable_settings(),
    )


def redis_of(settings: Settings) -> RedisServer:
    """Return the private Redis of this deployment, not yet started."""
    places = settings.places
    return RedisServer(places.redis, places.redis_socket, places.logs / "redis.log", child_environment(settings))


def start_postgres(server: PostgresServer) -> Running:
    """Start PostgreSQL and wait until it answers."""
    program = server.program(server.prepare())
    running = Running(program, program.start())
    return answered(running, server)


def start_redis(server: RedisServer) -> Running:
    """Start Redis and wait until it answers."""
    server.prepare()
    running = Running(server.program, server.program.start())
    return answered(running, server)


def answered(running: Running, server: PostgresServer | RedisServer) -> Running:
    """Wait for the server; whatever interrupts the wait, no half-started server stays behind."""
    try:
        server.wait(running.child)
    except BaseException:
        running.stop()
        raise
    return running


@contextmanager
def services(settings: Settings) -> Iterator[None]:
    """Have the private services run for one command; where `make run` runs already, its services are used."""
    if not settings.demo and not settings.embedded_redis:
        yield
        return
    settings.places.make()
    with deployment_lock(settings.places.lock) as ours:
        if not ours:
            yield
            return
        end_marked(settings.data_dir)
        running: list[Running] = []
        try:
            if settings.demo:
                running.append(start_postgres(postgres_of(settings)))
            if settings.embedded_redis:
                running.append(start_redis(redis_of(settings)))
            yield
        finally:
            for one in reversed(running):
                one.stop()
            settings.places.forget_sockets()
