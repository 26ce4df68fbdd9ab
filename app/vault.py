"""The keys of this deployment at work: identity numbers encrypted and looked up, days of the record sealed."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class VaultClosedError(RuntimeError):
    """The keys were not given yet, or are not the ones this was encrypted with."""


class Vault:
    """Holds the keys derived from the deployment's secret for personal data. Bound once, in the factory."""

    def __init__(self) -> None:
        self._fernet: Fernet | None = None
        self._lookup_key = b""
        self._seal_key = b""

    def open(self, secret: str) -> None:
        """Derive the three keys (encrypt, look up, seal) from the deployment's secret."""
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, b"encrypt")))
        self._lookup_key = _derived(secret, b"look up")
        self._seal_key = _derived(secret, b"seal")

    def encrypt(self, text: str) -> bytes:
        """Encrypt an identity number; the same number gives other bytes each time."""
        return self._open_fernet().encrypt(text.encode())

    def decrypt(self, content: bytes) -> str:
        """Return what was encrypted; VaultClosedError when the key is another one."""
        try:
            return self._open_fernet().decrypt(content).decode()
        except InvalidToken as wrong:
            raise VaultClosedError("encrypted with another key") from wrong

    def lookup(self, text: str) -> bytes:
        """Return the keyed hash by which an identity number is found without being readable."""
        self._open_fernet()
        return hmac.digest(self._lookup_key, text.encode(), hashlib.sha256)

    def seal(self, text: str) -> str:
        """Return the keyed hash that seals a day of the record."""
        self._open_fernet()
        return hmac.new(self._seal_key, text.encode(), hashlib.sha256).hexdigest()

    def _open_fernet(self) -> Fernet:
        if self._fernet is None:
            raise VaultClosedError("the vault has no key yet")
        return self._fernet


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"motcua " + purpose).derive(secret.encode())


vault = Vault()
