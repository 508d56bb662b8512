"""A protocol of one's own: one instance, the primary, keeps the lock alone.

The others ask it by a promise request whose note says what for, and the answer's note
says who holds the lock then. Of the four messages only the envelopes are used. What the
primary knows is in its memory, and so a crash makes it forget who holds the lock:

    skinny run two-winners --program 'python3 docs/lab/primary.py'
    skinny check --program 'python3 docs/lab/primary.py' --profile crash
"""
import json
import sys

TRIES = 3


def decide(holder, operation, client):
    """Who holds the lock after an operation."""
    if operation == "acquire" and holder == "":
        return client
    if operation == "release" and holder == client:
        return ""
    return holder


def outcome(operation, client, holder):
    """What the client is told."""
    if operation == "acquire":
        return {"outcome": "acquired" if holder == client else "refused", "holder": holder}
    return {"outcome": "not-released" if holder else "released", "holder": holder}


def step(me, instances, memory, event):
    """What an instance does about an event: its memory, and what else it answers."""
    primary = instances[0]
    kind = event["type"]
    if kind in ("acquire", "release"):
        client = event["holder"]
        if me == primary:
            holder = decide(memory["holder"], kind, client)
            return {**memory, "holder": holder}, {"answer": outcome(kind, client, holder)}
        id = memory["id"] + 1  # so that an old answer is not taken for this one's
        asked = {"operation": kind, "client": client, "try": event["try"], "id": id}
        ask = {"type": "promise", "to": primary, "id": id, "note": asked}
        return {**memory, "id": id, "asked": asked}, {"send": [ask], "timer": True}
    if kind == "promise":
        holder = decide(memory["holder"], event["note"]["operation"], event["note"]["client"])
        reply = {"type": "promised", "to": event["from"], "id": event["id"], "yes": True, "note": holder}
        return {**memory, "holder": holder}, {"send": [reply]}
    asked = memory["asked"]
    if not asked:
        return memory, {}  # nobody waits for it any more
    free = {**memory, "asked": None}
    if kind == "promised" and event["id"] == asked["id"]:
        return free, {"answer": outcome(asked["operation"], asked["client"], event["note"])}
    if kind == "timeout" or kind == "failed" and event["id"] == asked["id"]:
        return free, {"retry": True} if asked["try"] < TRIES else {"answer": {"outcome": "unknown"}}
    return memory, {}


for line in sys.stdin:
    q = json.loads(line)
    memory = q["memory"] or {"holder": "", "id": 0, "asked": None}
    memory, said = step(q["self"], q["instances"], memory, q["event"])
    said.update(memory=memory, disk=None, state={"promised": 0, "id": 0, "holder": memory["holder"]})
    print(json.dumps(said), flush=True)
