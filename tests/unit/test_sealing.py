from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage import sealing


@given(st.binary(max_size=3000))
def test_what_is_sealed_opens_again_and_only_in_its_place(plain):
    key = sealing.new_key()
    sealed = sealing.seal(key, plain, "row:1")
    assert sealing.unseal(key, sealed, "row:1") == plain
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(key, sealed, "row:2")
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(sealing.new_key(), sealed, "row:1")


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_bit_is_noticed(plain, data):
    key = sealing.new_key()
    sealed = bytearray(sealing.seal(key, plain, "x"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1
    with pytest.raises(sealing.CannotOpen):
        sealing.unseal(key, bytes(sealed), "x")


def test_lengths_tell_little():
    key = sealing.new_key()
    assert len({len(sealing.seal(key, b"a" * n, "x")) for n in range(255)}) == 1


def test_the_sender_of_a_sealed_box_cannot_open_it():
    unit, other = sealing.new_pair(), sealing.new_pair()
    sealed = sealing.seal_to(unit.public, b"key")
    assert sealing.open_sealed(unit.private, sealed) == b"key"
    with pytest.raises(sealing.CannotOpen):
        sealing.open_sealed(other.private, sealed)


def test_pseudonyms_do_not_collide_by_joining():
    key = sealing.new_key()
    assert sealing.keyed_hash(key, "ab", "c") != sealing.keyed_hash(key, "a", "bc")


def test_the_same_code_and_salt_give_the_same_key():
    first = sealing.slow_hash("123", b"s" * 16, 64, ops=1, mem=8192)
    assert first == sealing.slow_hash("123", b"s" * 16, 64, ops=1, mem=8192)
    assert first != sealing.slow_hash("124", b"s" * 16, 64, ops=1, mem=8192)
