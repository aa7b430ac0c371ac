"""Recompute the ledger's Merkle root with nothing but Python's own library: independent_root.py PATH/hub.db"""

import base64, hashlib, json, sqlite3, sys  # noqa: E401, I001


def sha(data):
    return hashlib.sha256(data).digest()


def root(hashes):  # RFC 6962, section 2.1
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha(b"\x01" + root(hashes[:k]) + root(hashes[k:]))


database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
note = database.execute("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()[0]
origin, size, signed = note.split("\n")[:3]
rows = database.execute("SELECT seq, body FROM entries ORDER BY seq LIMIT ?", (int(size),)).fetchall()
if [seq for seq, _ in rows] != list(range(int(size))):
    sys.exit("the entries are not numbered 0, 1, 2 …")
kinds = {json.loads(body)["kind"] for _, body in rows}
if root([sha(b"\x00" + body.encode()) for _, body in rows]) != base64.b64decode(signed):
    sys.exit(f"{origin}: the entries do NOT make the signed root {signed}")
print(f"{origin}: {size} entries of the kinds {', '.join(sorted(kinds))} make the signed root {signed}")
