"""The loop and the JSON: a line with a question comes in, a line with an answer goes out.

Nothing in here knows what Skinny does; that is for instance.py. `skinny lab schema`
describes every field of questions and answers.
"""
import json
import sys


class Step:
    """One thing that happens to the instance, and what it makes of it."""

    def __init__(self, question, start):
        self.name = question["self"]
        self.instances = question["instances"]  # all names, in the order that everybody knows
        self.peers = [name for name in self.instances if name != self.name]
        self.increment = question["increment"]
        self.disk = question.get("disk")  # what was stored last, None at first
        self.memory = question.get("memory")  # as the last step left it
        if self.memory is None:  # at the start and after a crash
            self.memory = start(self.disk)
        self.said = {}

    def send(self, kind, to, **fields):
        """Sends a message to a peer: promise, promised, commit or committed."""
        fields.update(type=kind, to=to)
        self.said.setdefault("send", []).append(fields)

    def timer(self):
        """Asks for a timeout: the instance's own, from now; an earlier one is off."""
        self.said["timer"] = True

    def retry(self):
        """Ends this try of the operation; it comes again, after a pause."""
        self.said["retry"] = True

    def answer(self, outcome, holder=None):
        """Ends the operation: acquired, refused, released, not-released or unknown."""
        self.said["answer"] = {"outcome": outcome}
        if holder is not None:
            self.said["answer"]["holder"] = holder

    def log(self, *words):
        """Says something in the story of the run."""
        self.said["log"] = " ".join(map(str, words))

    def output(self):
        """The answer. What status shows is what the memory calls promised, id and holder."""
        shown = {"promised": 0, "id": 0, "holder": ""}
        self.said["state"] = {name: self.memory.get(name, value) for name, value in shown.items()}
        self.said["memory"] = self.memory
        self.said["disk"] = self.disk
        return self.said


def run(instance):
    """Answers questions until there are no more. An event without a function is passed over."""
    out, sys.stdout = sys.stdout, sys.stderr  # so that print() is no answer
    encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode
    for line in sys.stdin:
        question = json.loads(line)
        event = question["event"]
        step = Step(question, instance["start"])
        react = instance.get(event["type"])
        if react:
            react(step, event)
        out.write(encode(step.output()) + "\n")
        out.flush()
