"""ECDSA signatures on P-256 by whatever this machine has: the cryptography package, or the openssl command. A signature is r‖s, of 32 octets each."""
import base64, os, subprocess, tempfile

from genesis_state import u

SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def der(signature):
    def integer(raw):
        raw = raw.lstrip(b"\x00")
        raw = b"\x00" + raw if not raw or raw[0] > 127 else raw
        return b"\x02" + u(1, len(raw)) + raw
    body = integer(signature[:32]) + integer(signature[32:])
    return b"\x30" + u(1, len(body)) + body


def of_der(raw):
    """The r‖s of its one encoding in DER; nothing of any other."""
    if len(raw) < 8 or 4 + raw[3] > len(raw):
        return None
    numbers = [raw[4:4 + raw[3]].lstrip(b"\x00"), raw[6 + raw[3]:].lstrip(b"\x00")]
    signature = b"".join(number.rjust(32, b"\x00") for number in numbers)
    return signature if len(signature) == 64 and der(signature) == raw else None


def with_cryptography():
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    def verify(point, message, signature):
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point).verify(der(signature), message, ec.ECDSA(SHA256()))
            return True
        except (InvalidSignature, ValueError):
            return False
    return verify


def with_openssl():
    subprocess.run(["openssl", "version"], check=True, stdout=subprocess.DEVNULL)

    def verify(point, message, signature):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("key.pem", "signature", "message")]
            pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.encodebytes(SPKI + point) + b"-----END PUBLIC KEY-----\n"
            for path, content in zip(paths, (pem, der(signature), message)):
                with open(path, "wb") as file:
                    file.write(content)
            command = ["openssl", "dgst", "-sha256", "-verify", paths[0], "-signature", paths[1], paths[2]]
            return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    return verify


def signature_tool(asked):
    for name, make in (("cryptography", with_cryptography), ("openssl", with_openssl)):
        if asked in (None, name):
            try:
                return name, make()
            except (ImportError, OSError, subprocess.CalledProcessError):
                pass
    return None, lambda point, message, signature: True
