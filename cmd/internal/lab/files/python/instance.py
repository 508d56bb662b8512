"""My Skinny: instances that agree on who holds a lock.

Each function is something that happens to this instance. What it does about it, it says
to `step`: step.send(...), step.timer(), step.retry(), step.answer(...), step.log(...),
all in harness.py. What it must know later has to be in step.memory, and what has to
survive a crash in step.disk: nothing else is kept from one call to the next.

`event` has the fields of what happened, as in event["id"]; a function for an event that
is not here yet is passed over. README.md says how to go on.
"""
import harness


def start(disk):
    """What is remembered at first, and after a crash, when disk is what was stored last.

    Status shows what is called promised, id and holder."""
    return {"promised": 0, "id": 0, "holder": ""}


# Stage 1: a peer asks for a promise. event: from, id.
#
#   step.send("promised", event["from"], id=event["id"], yes=...,
#             accepted={"id": ..., "holder": ...}, told=...)
#
# accepted comes in stage 2, and told in stage 8.
def promise(step, event):
    step.log("somebody asks for a promise")


# Stage 2: a peer asks to accept a holder. event: from, id, holder.
#
#   step.send("committed", event["from"], id=event["id"], yes=..., told=...)
def commit(step, event):
    pass


# Stage 3: an operation of a client has its turn. event: holder (the client), try.
#
#   step.send("promise", peer, id=...)          asks a peer of step.peers for a promise
#   step.send("commit", peer, id=..., holder=...)
#   step.answer("acquired", holder)
def acquire(step, event):
    pass


def release(step, event):
    pass


# Stages 3 and 4: a peer answers. event: from, id, yes, accepted {id, holder}, told.
def promised(step, event):
    pass


def committed(step, event):
    pass


# Stage 5: the timer of step.timer() has run down; or nobody is there: event: from, id,
# call (promise or commit).
def timeout(step, event):
    pass


def failed(step, event):
    pass


if __name__ == "__main__":
    harness.run(globals())
