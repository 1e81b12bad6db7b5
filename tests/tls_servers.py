"""A certificate authority of our own, and what it signed for a server on 127.0.0.1."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class OwnAuthority:
    """The files of an authority and of a server's certificate."""

    authority: Path
    certificate: Path
    key: Path

    @classmethod
    def made_in(cls, folder: Path) -> OwnAuthority:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import NameOID

        now, day = dt.datetime.now(dt.UTC), dt.timedelta(1)
        own_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Own authority")])

        def builder(name: str, of: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
            subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
            made = x509.CertificateBuilder(issuer, subject, of.public_key(), x509.random_serial_number())
            return made.not_valid_before(now - day).not_valid_after(now + day)

        authority = builder("Own authority", own_key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        signed = builder("a server", key).add_extension(names, False)
        files = cls(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
        pem = serialization.Encoding.PEM
        files.authority.write_bytes(authority.sign(own_key, hashes.SHA256()).public_bytes(pem))
        files.certificate.write_bytes(signed.sign(own_key, hashes.SHA256()).public_bytes(pem))
        files.key.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return files

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context
