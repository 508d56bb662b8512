// The simulator as WebAssembly, in a worker. The Go program sets self.skinny = {view, check, explore}: each takes
// JSON text and returns JSON text or a promise of it; searches take a function that is told their progress.
'use strict';
importScripts('wasm_exec.js');

const ready = (async () => {
  const go = new Go();
  const bytes = await fetch('skinny.wasm').then(answer => answer.arrayBuffer());
  const {instance} = await WebAssembly.instantiate(bytes, go.importObject);
  const started = new Promise(resolve => { self.skinnyReady = resolve; });
  go.run(instance);
  await started;
})();

self.addEventListener('message', async ({data: {id, call, query}}) => {
  try {
    await ready;
    const progress = text => self.postMessage({id, progress: JSON.parse(text)});
    self.postMessage({id, result: JSON.parse(await self.skinny[call](JSON.stringify(query), progress))});
  } catch (error) {
    self.postMessage({id, error: String(error.message ?? error)});
  }
});
