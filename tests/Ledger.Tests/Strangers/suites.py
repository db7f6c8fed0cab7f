"""What the suites of docs/FORMATS.md differ in beside their hash: signatures, and how a checkpoint's line names a key and writes a signature."""
import p256, sm2
from genesis_state import H


class ES256:
    def __init__(self, asked):
        self.tool, self.verify = p256.signature_tool(asked)

    def key_id(self, name, point):
        return H(p256.SPKI + point)[:4]

    def of_line(self, raw):
        return p256.of_der(raw)


class SM2:
    """Checked by this program itself, whatever tool is asked for but none."""

    def __init__(self, asked):
        self.tool, self.verify = (None, lambda point, message, signature: True) if asked == "none" else ("sm2.py", sm2.verify)

    def key_id(self, name, point):
        return H(name.encode(), b"\n\xffsm2sm3", point)[:4]

    def of_line(self, raw):
        return raw if len(raw) == 64 else None


SUITES = {"ES256": ES256, "SM2": SM2}
