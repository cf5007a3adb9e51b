"""A passkey made of software, with the browser around it; what a cheat would change can be changed."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nacl.signing import SigningKey
from webauthn.helpers import bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """rp_id and origin: where the browser says it is. count: how often the key signed; a copy may tell less."""

    rp_id: str = "localhost"
    origin: str = "http://localhost"
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: SigningKey = field(default_factory=SigningKey.generate)

    @property
    def cose(self) -> bytes:
        """The public key, Ed25519, as COSE has it (RFC 9053)."""
        return encode_cbor({1: 1, 3: -8, -1: 6, -2: bytes(self.key.verify_key)})

    def make(self, options: Mapping[str, Any]) -> str:
        """What `navigator.credentials.create` gives, as JSON."""
        attested = b"\x00" * 16 + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.cose
        data = self._data(_PRESENT | _VERIFIED | _ATTESTED) + attested
        return self._said(
            clientDataJSON=self._client("webauthn.create", options["challenge"]),
            attestationObject=encode_cbor({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def answer(self, options: Mapping[str, Any]) -> str:
        """What `navigator.credentials.get` gives, as JSON."""
        self.count += 1
        data, client = self._data(_PRESENT | _VERIFIED), self._client("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest()).signature
        return self._said(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _said(self, **parts: bytes) -> str:
        named = bytes_to_base64url(self.credential_id)
        response: dict[str, Any] = {name: bytes_to_base64url(part) for name, part in parts.items()}
        response["transports"] = ["internal", "hybrid", "something new"]
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
