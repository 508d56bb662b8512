// Skinny with every rule on: instances that agree on who holds a lock.
import { run } from "./harness.mjs";

const retries = 3;

// start is what is remembered at first, and after a crash.
function start(disk) {
  return { promised: 0, id: 0, holder: "", round: null, ...disk };
}

// store keeps promises and commits over a crash.
function store(step) {
  const { promised, id, holder } = step.memory;
  step.disk = { promised, id, holder };
}

// The acceptor.

// promise: a peer asks for the promise to accept nothing below an ID.
function promise(step, event) {
  const m = step.memory;
  const yes = event.id > m.promised;
  if (yes) m.promised = event.id;
  store(step);
  const accepted = { id: m.id, holder: m.holder };
  step.send("promised", event.from, { id: event.id, yes, told: yes ? 0 : m.promised, accepted });
}

// commit: a peer asks to accept a holder under an ID.
function commit(step, event) {
  const m = step.memory;
  const yes = accept(m, event.id, event.holder);
  store(step);
  step.send("committed", event.from, { id: event.id, yes, told: yes ? 0 : m.promised });
}

// accept accepts a holder, unless something higher was promised.
function accept(m, id, holder) {
  if (id < m.promised) return false;
  Object.assign(m, { promised: id, id, holder });
  return true;
}

// The proposer.

// acquire: an operation has its turn, and phase 1 begins.
function acquire(step, event) {
  const m = step.memory;
  const id = nextID(step);
  if (id > Number.MAX_SAFE_INTEGER) {
    step.answer("unknown");
    return;
  }
  m.promised = id;
  m.round = {
    phase: "promise", id, told: 0, operation: event.type, client: event.holder, try: event.try,
    base: { id: m.id, holder: m.holder }, value: "",
  };
  ask(step, true);
}

// nextID is the next ID that is only this instance's: they take turns.
function nextID(step) {
  const size = step.instances.length;
  const own = step.instances.indexOf(step.name) + 1;
  const last = step.memory.promised % size;
  return step.memory.promised + ((own + size - last - 1) % size) + 1;
}

// ask asks all peers at once. The instance itself has voted already.
function ask(step, own) {
  store(step);
  const r = step.memory.round;
  Object.assign(r, { yea: own ? 1 : 0, nay: own ? 0 : 1, waiting: step.peers });
  for (const peer of step.peers) {
    if (r.phase === "promise") step.send("promise", peer, { id: r.id });
    else step.send("commit", peer, { id: r.id, holder: r.value });
  }
  step.timer();
}

// promised: a peer answers phase 1.
function promised(step, event) {
  const r = step.memory.round;
  if (!vote(r, "promise", event, event.yes)) return;
  if (event.accepted?.id > r.base.id) r.base = event.accepted;
  advance(step);
}

// committed: a peer answers phase 2.
function committed(step, event) {
  if (vote(step.memory.round, "commit", event, event.yes)) advance(step);
}

// failed: nobody is there.
function failed(step, event) {
  if (vote(step.memory.round, event.call, event, false)) advance(step);
}

// timeout: whoever has not answered by now does not count.
function timeout(step) {
  const r = step.memory.round;
  r.nay += r.waiting.length;
  r.waiting = [];
  advance(step);
}

// vote counts a vote, if it belongs to the calls under way.
function vote(r, phase, event, yes) {
  if (r?.phase !== phase || r.id !== event.id || !r.waiting.includes(event.from)) return false;
  r.waiting = r.waiting.filter((name) => name !== event.from);
  r[yes ? "yea" : "nay"]++;
  r.told = Math.max(r.told, event.told ?? 0);
  return true;
}

// advance goes on as soon as a majority is certain, or nobody is left to answer.
function advance(step) {
  const r = step.memory.round;
  const majority = Math.floor(step.instances.length / 2) + 1;
  if (r.yea < majority && r.nay < majority && r.waiting.length > 0) return;
  if (r.phase === "promise") endPromise(step, r.yea >= majority);
  else endCommit(step, r.yea >= majority);
}

// endPromise: phase 1 is over, and phase 2 follows, another try, or the end.
function endPromise(step, won) {
  const m = step.memory;
  const r = m.round;
  m.promised = Math.max(m.promised, r.base.id);
  if (won && r.base.id <= r.id) {
    r.phase = "commit";
    r.value = change(r.operation, r.client, r.base.holder);
    ask(step, accept(m, r.id, r.value));
    return;
  }
  close(step);
  if (r.try < retries) step.retry();
  else step.answer("unknown");
}

// endCommit: phase 2 is over. The client is told what a majority has accepted, and nothing else.
function endCommit(step, won) {
  const r = step.memory.round;
  close(step);
  if (!won) step.answer("unknown");
  else if (r.operation === "acquire") step.answer(r.value === r.client ? "acquired" : "refused", r.value);
  else step.answer(r.value === "" ? "released" : "not-released", r.value);
}

// change is what an operation makes of the holder that it finds.
function change(operation, client, holder) {
  if (operation === "acquire" && holder === "") return client;
  if (operation === "release" && holder === client) return "";
  return holder;
}

// close ends the round; what refusals told is a promise from now on.
function close(step) {
  const m = step.memory;
  m.promised = Math.max(m.promised, m.round.told);
  m.round = null;
  store(step);
}

run({ start, promise, commit, acquire, release: acquire, promised, committed, failed, timeout });
