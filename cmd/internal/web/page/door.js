// The door to the simulator: a server on this machine, or the same Go code as WebAssembly in a worker.
// Either answers a view for a query; searches report their progress and can be cancelled.

async function post(path, query, signal) {
  const request = {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(query), signal};
  const answer = await fetch(path, request).catch(error => {
    throw error.name === 'AbortError' ? error : new Error('the server does not answer; is skinny web still running?');
  });
  if (!answer.ok) throw new Error(await answer.text() || answer.statusText);
  return answer;
}

const server = {
  view: query => post('view', query).then(answer => answer.json()),

  search(kind, query, progress) {
    const stop = new AbortController();
    const run = async () => {
      const answer = await post(kind, query, stop.signal);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '', result = null;
      for (;;) {
        const {value, done} = await reader.read();
        const lines = (rest + (value ?? '')).split('\n');
        rest = lines.pop();
        for (const line of done ? [...lines, rest] : lines) {
          if (line === '') continue;
          const report = JSON.parse(line);
          if ('done' in report) progress(report); else result = report;
        }
        if (done) return result;
      }
    };
    return {promise: run().catch(error => { if (error.name !== 'AbortError') throw error; return null; }), cancel: () => stop.abort()};
  },
};

// call starts a call in a worker; messages of the worker are {id, progress}, {id, result} or {id, error}.
let calls = 0;
function call(worker, message, progress) {
  const id = ++calls;
  return new Promise((resolve, reject) => {
    const listen = ({data}) => {
      if (data.id !== id) return;
      if (data.progress) return progress?.(data.progress);
      worker.removeEventListener('message', listen);
      if (data.error) reject(new Error(data.error)); else resolve(data.result);
    };
    worker.addEventListener('message', listen);
    worker.addEventListener('error', event => reject(new Error(event.message)), {once: true});
    worker.postMessage({id, ...message});
  });
}

function wasm() {
  const worker = new Worker('worker.js');
  return {
    view: query => call(worker, {call: 'view', query}),
    search(kind, query, progress) { // in a worker of its own, since ending it is how a search is cancelled
      const own = new Worker('worker.js');
      let cancel;
      const cancelled = new Promise(resolve => { cancel = () => resolve(null); });
      const promise = Promise.race([call(own, {call: kind, query}, progress), cancelled]).finally(() => own.terminate());
      return {promise, cancel};
    },
  };
}

export const door = document.querySelector('meta[name=door]').content === 'wasm' ? wasm() : server;
