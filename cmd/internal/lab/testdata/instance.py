"""Skinny with every rule on: instances that agree on who holds a lock."""
import harness

RETRIES = 3
LAST_ID = 2**53 - 1  # the highest number that every language reads exactly
NOTHING = {"id": 0, "holder": ""}


def start(disk):
    """What is remembered at first, and after a crash."""
    memory = {"promised": 0, "id": 0, "holder": "", "round": None}
    memory.update(disk or {})
    return memory


def store(step):
    """Keeps promises and commits over a crash."""
    step.disk = {name: step.memory[name] for name in ("promised", "id", "holder")}


# The acceptor.


def promise(step, event):
    """A peer asks for the promise to accept nothing below an ID."""
    m = step.memory
    yes = event["id"] > m["promised"]
    if yes:
        m["promised"] = event["id"]
    store(step)
    step.send("promised", event["from"], id=event["id"], yes=yes, told=0 if yes else m["promised"],
              accepted={"id": m["id"], "holder": m["holder"]})


def commit(step, event):
    """A peer asks to accept a holder under an ID."""
    m = step.memory
    yes = accept(m, event["id"], event["holder"])
    store(step)
    step.send("committed", event["from"], id=event["id"], yes=yes, told=0 if yes else m["promised"])


def accept(m, id, holder):
    """Accepts a holder, unless something higher was promised."""
    if id < m["promised"]:
        return False
    m["promised"], m["id"], m["holder"] = id, id, holder
    return True


# The proposer.


def acquire(step, event):
    """An operation has its turn: phase 1 begins."""
    m = step.memory
    id = next_id(step)
    if id > LAST_ID:
        step.answer("unknown")
        return
    m["promised"] = id
    m["round"] = {
        "phase": "promise", "id": id, "told": 0, "operation": event["type"], "client": event["holder"], "try": event["try"],
        "base": {"id": m["id"], "holder": m["holder"]}, "value": "",
    }
    ask(step, True)


release = acquire


def next_id(step):
    """The next ID that is only this instance's: they take turns."""
    size = len(step.instances)
    own = step.instances.index(step.name) + 1
    return step.memory["promised"] + (own - step.memory["promised"] - 1) % size + 1


def ask(step, own):
    """Asks all peers at once. The instance itself has voted already."""
    store(step)
    r = step.memory["round"]
    r.update(yea=int(own), nay=int(not own), waiting=step.peers)
    for peer in step.peers:
        if r["phase"] == "promise":
            step.send("promise", peer, id=r["id"])
        else:
            step.send("commit", peer, id=r["id"], holder=r["value"])
    step.timer()


def promised(step, event):
    """A peer answers phase 1."""
    r = step.memory["round"]
    if vote(r, "promise", event, event["yes"]):
        accepted = event.get("accepted") or NOTHING
        if accepted["id"] > r["base"]["id"]:
            r["base"] = accepted
        advance(step)


def committed(step, event):
    """A peer answers phase 2."""
    if vote(step.memory["round"], "commit", event, event["yes"]):
        advance(step)


def failed(step, event):
    """Nobody is there."""
    if vote(step.memory["round"], event["call"], event, False):
        advance(step)


def timeout(step, event):
    """Whoever has not answered by now does not count."""
    r = step.memory["round"]
    r["nay"] += len(r["waiting"])
    r["waiting"] = []
    advance(step)


def vote(r, phase, event, yes):
    """Counts a vote, if it belongs to the calls under way."""
    if not r or r["phase"] != phase or r["id"] != event["id"] or event["from"] not in r["waiting"]:
        return False
    r["waiting"].remove(event["from"])
    r["yea" if yes else "nay"] += 1
    r["told"] = max(r["told"], event.get("told") or 0)
    return True


def advance(step):
    """Goes on as soon as a majority is certain, or nobody is left to answer."""
    r = step.memory["round"]
    majority = len(step.instances) // 2 + 1
    if r["yea"] < majority and r["nay"] < majority and r["waiting"]:
        return
    if r["phase"] == "promise":
        end_promise(step, r["yea"] >= majority)
    else:
        end_commit(step, r["yea"] >= majority)


def end_promise(step, won):
    """Phase 1 is over: phase 2, another try, or the end."""
    m = step.memory
    r, base = m["round"], m["round"]["base"]
    m["promised"] = max(m["promised"], base["id"])
    if won and base["id"] <= r["id"]:
        r["phase"] = "commit"
        r["value"] = change(r["operation"], r["client"], base["holder"])
        ask(step, accept(m, r["id"], r["value"]))
        return
    close(step)
    if r["try"] < RETRIES:
        step.retry()
    else:
        step.answer("unknown")


def end_commit(step, won):
    """Phase 2 is over: the client is told what a majority has accepted, and nothing else."""
    r = step.memory["round"]
    close(step)
    if not won:
        step.answer("unknown")
    elif r["operation"] == "acquire":
        step.answer("acquired" if r["value"] == r["client"] else "refused", r["value"])
    else:
        step.answer("released" if r["value"] == "" else "not-released", r["value"])


def change(operation, client, holder):
    """What an operation makes of the holder that it finds."""
    if operation == "acquire" and holder == "":
        return client
    if operation == "release" and holder == client:
        return ""
    return holder


def close(step):
    """The round is over; what refusals told is a promise from now on."""
    m = step.memory
    m["promised"] = max(m["promised"], m["round"]["told"])
    m["round"] = None
    store(step)


if __name__ == "__main__":
    harness.run(globals())
