"""Signatures are those of the Standard Webhooks specification."""

from base64 import b64encode
from datetime import UTC, datetime

from functions.domain.webhook_signature import signature_headers

# The test vector that the specification's reference libraries share.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_signature_is_that_of_the_reference_vector() -> None:
    assert signature_headers(ID, AT, BODY, [SECRET]) == {
        "webhook-id": ID,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_each_secret_signs_while_they_rotate() -> None:
    fresh = "whsec_" + b64encode(bytes(range(32))).decode()
    signatures = signature_headers(ID, AT, BODY, [fresh, SECRET])["webhook-signature"].split(" ")
    assert signatures[1] == SIGNATURE
    assert signatures[0].startswith("v1,")
    assert signatures[0] != SIGNATURE


def test_id_time_and_body_are_signed() -> None:
    for changed in (
        signature_headers("msg_other", AT, BODY, [SECRET]),
        signature_headers(ID, AT.replace(microsecond=0, year=2022), BODY, [SECRET]),
        signature_headers(ID, AT, BODY + b" ", [SECRET]),
    ):
        assert changed["webhook-signature"] != SIGNATURE
