// The loop and the JSON: a line with a question comes in, a line with an answer goes out.
//
// Nothing in here knows what Skinny does; that is for instance.mjs. `skinny lab schema`
// describes every field of questions and answers.
import { createInterface } from "node:readline";

// Step is one thing that happens to the instance, and what it makes of it.
class Step {
  #said = {};

  constructor(question, start) {
    this.name = question.self;
    this.instances = question.instances; // all names, in the order that everybody knows
    this.peers = this.instances.filter((name) => name !== this.name);
    this.increment = question.increment;
    this.disk = question.disk ?? null; // what was stored last, null at first
    this.memory = question.memory ?? start(this.disk); // as the last step left it; gone at first and after a crash
  }

  // Sends a message to a peer: promise, promised, commit or committed.
  send(type, to, fields) {
    (this.#said.send ??= []).push({ type, to, ...fields });
  }

  // Asks for a timeout: the instance's own, from now; an earlier one is off.
  timer() {
    this.#said.timer = true;
  }

  // Ends this try of the operation; it comes again, after a pause.
  retry() {
    this.#said.retry = true;
  }

  // Ends the operation: acquired, refused, released, not-released or unknown.
  answer(outcome, holder) {
    this.#said.answer = { outcome, holder };
  }

  // Says something in the story of the run.
  log(...words) {
    this.#said.log = words.join(" ");
  }

  // The answer. What status shows is what the memory calls promised, id and holder.
  output() {
    const { promised = 0, id = 0, holder = "" } = this.memory;
    return { ...this.#said, state: { promised, id, holder }, memory: this.memory, disk: this.disk };
  }
}

// run answers questions until there are no more. An event without a function is passed over.
export function run({ start, ...instance }) {
  console.log = console.error; // so that it is no answer
  createInterface({ input: process.stdin }).on("line", (line) => {
    const question = JSON.parse(line);
    const step = new Step(question, start);
    instance[question.event.type]?.(step, question.event);
    process.stdout.write(JSON.stringify(step.output()) + "\n");
  });
}
