"""Signatures, what they cover, and the command that checks them."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from appserver.__main__ import ALTERED, GENUINE, NOT_CHECKED, main
from appserver.domain.provenance import outputs_hash
from appserver.domain.signature import SigningKey, SigningKeyError
from contracts.wire.provenance import FORMAT

SEED = f"ed25519:{base64.b64encode(bytes(range(32))).decode()}"
SHARED = f"hmac:{base64.b64encode(b'k' * 32).decode()}"
OUTPUTS: dict[str, Any] = {
    "results": [{"id": "a", "score": 2.5}],
    "artifacts": [
        {"kind": "plan", "sha256": "ab", "href": "https://x", "href_expires_at": "2026-01-01"}
    ],
}


def result_of(key: SigningKey) -> dict[str, Any]:
    provenance: dict[str, Any] = {
        "format": FORMAT,
        "app_id": "sitefit",
        "outputs_hash": outputs_hash(OUTPUTS),
    }
    return {"outputs": OUTPUTS, "provenance": key.sign(provenance)}


@pytest.mark.parametrize("text", [SEED, SHARED])
def test_a_key_recognises_what_it_signed_and_nothing_else(text: str) -> None:
    key = SigningKey.parse(text)
    signed = key.sign({"a": 1, "b": "x"})
    assert key.has_signed(signed)
    assert not key.has_signed(signed | {"a": 2})
    assert not key.has_signed(signed | {"c": 3})
    assert not key.has_signed({k: v for k, v in signed.items() if k != "b"})
    for forged in ("", "AAAA", "not base64", None):
        assert not key.has_signed(signed | {"signature": forged})
    other = SigningKey.parse(f"hmac:{base64.b64encode(b'o' * 32).decode()}")
    assert not other.has_signed(signed)
    assert not other.has_signed(signed | {"key_id": other.key_id, "algorithm": other.algorithm})


def test_a_public_key_checks_and_does_not_sign() -> None:
    key = SigningKey.parse(SEED)
    assert key.public_text is not None
    public = SigningKey.parse(key.public_text)
    assert public.has_signed(key.sign({"a": 1}))
    assert not public.signs
    assert (public.key_id, SigningKey.parse(SHARED).public_text) == (key.key_id, None)
    with pytest.raises(SigningKeyError):
        public.sign({"a": 1})


def test_the_signature_is_that_of_rfc_8032() -> None:
    """Test 1 of section 7.1: the public key of a known seed."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    key = SigningKey.parse(f"ed25519:{base64.b64encode(seed).decode()}")
    assert key.public_text == f"ed25519-public:{base64.b64encode(public).decode()}"


@pytest.mark.parametrize(
    "text", ["", "ed25519:", "ed25519:AAAA", "hmac:AAAA", f"rsa:{SEED[8:]}", "ed25519:???"]
)
def test_a_text_that_is_no_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(SigningKeyError) as refused:
        SigningKey.parse(text)
    assert not text or text.partition(":")[2] not in str(refused.value) or text.endswith(":")


def write(folder: Path, document: Any) -> str:
    file = folder / "result.json"
    file.write_text(json.dumps(document))
    return str(file)


@pytest.mark.parametrize("text", [SEED, SHARED])
def test_a_genuine_result_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    key = SigningKey.parse(text)
    file = write(tmp_path, result_of(key))
    assert main(["verify", file, "--key", SEED, "--key", SHARED]) == GENUINE
    shown = capsys.readouterr().out
    assert shown.startswith("genuine\n")
    assert "sitefit" in shown


def test_links_that_are_made_anew_are_not_covered_and_numbers_may_be_written_otherwise(
    tmp_path: Path,
) -> None:
    key = SigningKey.parse(SEED)
    result = json.loads(json.dumps(result_of(key)))
    result["outputs"]["artifacts"][0] |= {"href": "https://y", "href_expires_at": "2027-01-01"}
    result["outputs"]["results"][0]["score"] = 2.50
    assert key.public_text is not None
    (tmp_path / "key").write_text(f"{key.public_text}\n")
    assert main(["verify", write(tmp_path, result), "--key", str(tmp_path / "key")]) == GENUINE


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("outputs", "results", 0, "score"), 2.6),
        (("outputs", "artifacts", 0, "sha256"), "ac"),
        (("outputs", "more"), 1),
        (("provenance", "app_id"), "layouts"),
        (("provenance", "outputs_hash"), "0" * 64),
    ],
)
def test_an_altered_result_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], place: tuple[Any, ...], value: Any
) -> None:
    result = json.loads(json.dumps(result_of(SigningKey.parse(SEED))))
    changed = result
    for step in place[:-1]:
        changed = changed[step]
    changed[place[-1]] = value
    assert main(["verify", write(tmp_path, result), "--key", SEED]) == ALTERED
    assert capsys.readouterr().out.startswith("ALTERED\n")


@pytest.mark.parametrize(
    ("document", "key", "reason"),
    [
        (result_of(SigningKey.parse(SEED)), SHARED, "no key given has the id"),
        (result_of(SigningKey.parse(SEED)), "hmac:x", "not base64"),
        (result_of(SigningKey.parse(SEED)), "/no/such/key", "No such file"),
        ({"outputs": {}}, SEED, "holds no provenance"),
        ({"outputs": {}, "provenance": {"format": "x"}}, SEED, "holds no provenance"),
        ([], SEED, "holds no provenance"),
    ],
)
def test_what_cannot_be_checked_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Any, key: str, reason: str
) -> None:
    assert main(["verify", write(tmp_path, document), "--key", key]) == NOT_CHECKED
    assert reason in capsys.readouterr().err
