"""A request is whole at its last byte, in however many pieces it comes."""

from hypothesis import given
from hypothesis import strategies as st

from web.reception import LONGEST_HEAD, Reception

HEAD = b"POST /slack/events HTTP/1.1\r\nHost: x\r\n"
LARGEST = 1_000


def chunked(chunks, extension, trailer):
    sizes = [f"{len(c):x}{extension}\r\n".encode() + c + b"\r\n" for c in chunks]
    return b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(sizes) + b"0\r\n" + trailer


bodies = st.binary(max_size=200)
requests = st.one_of(
    st.just(b"\r\n"),
    bodies.map(lambda b: b"CONTENT-length:\t%d \r\n\r\n" % len(b) + b),
    st.builds(
        chunked,
        st.lists(bodies.filter(bool), max_size=4),
        st.sampled_from(["", ";name=value", " "]),
        st.sampled_from([b"\r\n", b"Trailer: x\r\n\r\n"]),
    ),
).map(lambda rest: HEAD + rest)


@given(requests, st.lists(st.integers(0, 1_000)))
def test_it_is_whole_with_its_last_byte_and_not_before(request, cuts):
    ends = sorted({min(cut, len(request) - 1) for cut in cuts} | {len(request) - 1})
    got, at = Reception(LARGEST), 0
    for end in ends:
        assert not got.add(request[at:end])
        at = end
    assert got.add(request[at:])
    assert got.data == request


@given(st.binary(max_size=500), st.binary(max_size=50))
def test_any_bytes_are_taken(first, more):
    got = Reception(LARGEST)
    got.add(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + first)
    got.add(more)


def test_what_is_too_long_is_left_to_be_refused():
    assert Reception(LARGEST).add(b"x" * (LONGEST_HEAD + 1))
    sized = Reception(LARGEST)
    assert not sized.add(HEAD + b"Content-Length: 5000\r\n\r\n" + b"x" * LARGEST)
    assert sized.add(b"x")
    endless = Reception(LARGEST)
    assert not endless.add(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n")
    assert endless.add(b"x" * (LARGEST + 2))
    tiny = Reception(LARGEST)
    assert not tiny.add(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n")
    assert tiny.add(b"1\r\nx\r\n" * LARGEST)


def test_a_malformed_chunk_is_left_to_be_refused():
    assert Reception(LARGEST).add(HEAD + b"Transfer-Encoding: chunked\r\n\r\nsoon\r\n")
    assert Reception(LARGEST).add(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"0" * 300
    )
