"""Counters for /metrics. Labels are channel kinds and codes; never a person, never a word."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """All metrics of one process, on a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter("lachan_messages_accepted", "Messages stored", ["channel"], registry=self.registry)
        self.repeated = Counter(
            "lachan_messages_repeated", "Deliveries seen before", ["channel"], registry=self.registry
        )
        self.refused = Counter(
            "lachan_requests_refused", "Requests answered with 4xx", ["reason"], registry=self.registry
        )
        self.unreadable = Counter(
            "lachan_updates_unreadable", "Deliveries read in part or not at all", ["channel", "kind"],
            registry=self.registry,
        )  # fmt: skip
        self.turns = Counter("lachan_turns", "Turns answered", ["channel"], registry=self.registry)
        self.failed_turns = Counter(
            "lachan_turns_failed", "Turns without an engine's answer", ["status"], registry=self.registry
        )
        self.conflicts = Counter("lachan_turn_conflicts", "Turns already taken elsewhere", registry=self.registry)
        self.turn_seconds = Histogram(
            "lachan_turn_seconds", "From load to commit", registry=self.registry,
            buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
        )  # fmt: skip
        self.sent = Counter("lachan_messages_sent", "Outbox results", ["channel", "result"], registry=self.registry)
        self.alarm = Gauge(
            "lachan_channel_alarm", "1 while a channel needs a person", ["channel", "code"], registry=self.registry
        )
        self.engine_ready = Gauge("lachan_engine_workers_ready", "Workers that answer", registry=self.registry)


METRICS = Metrics()
