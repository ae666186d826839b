"""Whose request is next: worked by hand."""

from threading import Thread

from pipeline.writers.pool import QueuedRequest, RequestQueue

NOW = 0.0


def taken(turns: RequestQueue, process: int = 0) -> str:
    """Who is served next, "" for nobody."""
    ask = turns.take_request(process, NOW)
    return ask.visitor if ask else ""


def test_visitors_take_turns_and_a_second_text_waits_behind_a_first() -> None:
    turns = RequestQueue()
    for visitor in ("ana", "ana", "ben", "cleo"):
        turns.enqueue(visitor, {})
    assert [taken(turns) for _ in range(5)] == ["ana", "ben", "cleo", "ana", ""]


def test_twenty_texts_advance_together() -> None:
    turns, order = RequestQueue(), []
    for visitor in range(20):
        turns.enqueue(str(visitor), {})
    for _ in range(60):
        order.append(taken(turns))
        turns.enqueue(order[-1], {})  # the next slice of the same text
    assert order == [str(visitor) for visitor in range(20)] * 3


def test_who_comes_new_comes_first() -> None:
    turns = RequestQueue()
    for visitor in ("ana", "ben"):
        turns.enqueue(visitor, {})
        assert taken(turns) == visitor
        turns.enqueue(visitor, {})
    new = turns.enqueue("cleo", {})
    assert new.position == 1
    assert [taken(turns) for _ in range(3)] == ["cleo", "ana", "ben"]


def test_the_place_counts_visitors_who_come_first() -> None:
    turns = RequestQueue()
    asks = [turns.enqueue(visitor, {}) for visitor in ("ana", "ben", "ben", "cleo")]
    assert [ask.position for ask in asks] == [1, 2, 2, 3]
    asks[1].cancel()
    asks[2].cancel()
    assert [ask.position for ask in asks] == [1, 0, 0, 2]
    assert taken(turns) == "ana"
    assert asks[3].position == 1


def test_who_waits_for_another_process_is_not_before_one() -> None:
    turns = RequestQueue()
    turns.enqueue("ana", {}, process=1)
    assert turns.enqueue("ben", {}, process=0).position == 1
    assert turns.enqueue("cleo", {}, process=1).position == 2
    assert turns.enqueue("dan", {}).position == 4


def test_a_text_stays_with_its_process() -> None:
    turns = RequestQueue()
    turns.enqueue("ana", {}, process=1)
    assert taken(turns, 0) == ""
    assert taken(turns, 1) == "ana"


def test_what_any_may_answer_goes_to_the_first_idle_process() -> None:
    turns, asks = RequestQueue(), dict[int, QueuedRequest | None]()
    waiting = [Thread(target=lambda n=n: asks.update({n: turns.take_request(n, 1.0)})) for n in (1, 0)]
    for thread in waiting:
        thread.start()
    while turns.idle != {0, 1}:
        pass
    turns.enqueue("ana", {})
    waiting[1].join()
    assert asks[0] is not None
    turns.enqueue("ben", {})  # the first is at work
    waiting[0].join()
    assert asks[1] is not None
