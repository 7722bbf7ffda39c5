"""Which host names may be a client's own."""

import pytest

from accounts.domain.host_names import NotAHost, own_host

BASE = "bpo.test"


@pytest.mark.parametrize(
    ("written", "host"),
    [
        (" Care.Acme.example. ", "care.acme.example"),
        ("Faß.de", "xn--fa-hia.de"),
        ("xn--fa-hia.de", "xn--fa-hia.de"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ｅxample.com", "example.com"),
        ("acme.github.io", "acme.github.io"),
        ("xbpo.test", "xbpo.test"),
        ("bpo.test.example.com", "bpo.test.example.com"),
    ],
)
def test_a_name_is_taken_in_the_letters_dns_knows(written: str, host: str) -> None:
    assert own_host(written, BASE) == host


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "malformed"), ("a..b.com", "malformed"), ("-a.com", "malformed"), ("a_b.com", "malformed"),
        ("https://a.com", "malformed"), ("a.com/x", "malformed"), ("a.com:80", "malformed"), ("a b.com", "malformed"),
        ("*.a.com", "malformed"), ("u@a.com", "malformed"), ("x\x00.com", "malformed"), ("☃.net", "malformed"),
        ("xn--zz.de", "malformed"), ("a" * 64 + ".com", "malformed"), ("1.2.3.4", "address"), ("127.1", "address"),
        ("0x7f.1", "address"), ("[::1]", "address"), ("::1", "address"), ("1。2。3。4", "address"),
        ("localhost", "one_label"), ("bpo.test", "under_base"), ("alpha.bpo.test", "under_base"),
        ("ops.BPO.test.", "under_base"), ("co.uk", "suffix"), ("github.io", "suffix"), ("x.ck", "suffix"),
        (".".join(["a" * 60] * 4) + ".pl", "long"),
    ],
)  # fmt: skip
def test_what_can_be_nobodys_own_is_refused_by_its_fault(written: str, fault: str) -> None:
    with pytest.raises(NotAHost) as caught:
        own_host(written, BASE)
    assert caught.value.fault == fault
