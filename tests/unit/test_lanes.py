"""Lanes: who brings much waits for those who bring little, what is urgent goes first, and nobody is kept out for ever."""

from __future__ import annotations

import asyncio

import pytest

from bot.core.lanes import Crowded, Lanes


async def served(lanes: Lanes, come: list[tuple[str, bool]], *, slots: int = 1) -> list[str]:
    """In what order those who came in that order, while all slots were taken, were served."""
    order: list[str] = []
    release = asyncio.Event()

    async def hold() -> None:
        async with lanes.place("holder"):
            await release.wait()

    async def one(lane: str, urgent: bool) -> None:
        async with lanes.place(lane, urgent=urgent):
            order.append(lane)
            await asyncio.sleep(0)

    holders = [asyncio.create_task(hold()) for _ in range(slots)]
    await asyncio.sleep(0)
    tasks = []
    for lane, urgent in come:
        tasks.append(asyncio.create_task(one(lane, urgent)))
        await asyncio.sleep(0)
    assert lanes.waiting == len(come)
    release.set()
    await asyncio.gather(*holders, *tasks)
    assert lanes.waiting == 0
    return order


def test_lanes_are_served_in_turn():
    come = [("stranger", False)] * 5 + [("a", False), ("b", False), ("a", False)]
    order = asyncio.run(served(Lanes(1), come))
    assert order == ["stranger", "a", "b", "stranger", "a", "stranger", "stranger", "stranger"]


def test_what_is_urgent_goes_first_and_the_others_are_not_kept_out():
    come = [("calm", False)] + [(f"cry{number}", True) for number in range(6)]
    order = asyncio.run(served(Lanes(1), come))
    assert order[:4] == ["cry0", "cry1", "cry2", "cry3"]
    assert order[4] == "calm"
    assert order[5:] == ["cry4", "cry5"]


def test_so_many_of_one_lane_and_of_all():
    async def story() -> None:
        lanes = Lanes(1, most_each=2, most=3)
        release = asyncio.Event()

        async def one(lane: str) -> None:
            async with lanes.place(lane):
                await release.wait()

        tasks = [asyncio.create_task(one("flood")) for _ in range(5)]
        await asyncio.sleep(0)
        crowded = [task for task in tasks if task.done() and isinstance(task.exception(), Crowded)]
        assert len(crowded) == 3, "one under way and one that waits"
        others = [asyncio.create_task(one(name)) for name in ("a", "b", "c", "a")]
        await asyncio.sleep(0)
        assert [task.done() for task in others] == [False, False, False, True], (
            "who has none in it is never turned away"
        )
        release.set()
        await asyncio.gather(*tasks, *others, return_exceptions=True)
        async with lanes.place("flood"), asyncio.timeout(1):
            pass

    asyncio.run(story())


@pytest.mark.parametrize("called", [False, True], ids=["while it waits", "when it had just been called"])
def test_who_gives_up_holds_no_slot(called: bool):
    async def story() -> None:
        lanes = Lanes(1)
        async with lanes.place("first"):
            waits = asyncio.create_task(lanes._enter("second", urgent=False))
            await asyncio.sleep(0)
            if not called:
                waits.cancel()
        if called:
            waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        async with asyncio.timeout(5), lanes.place("third"):
            pass
        assert lanes._inside == {}

    asyncio.run(story())
