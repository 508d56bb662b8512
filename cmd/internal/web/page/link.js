// A query as the part of the address after #: a bundled name, with @event if it is nothing more, or ~ and the
// compressed JSON (zlib, whose sum finds what was changed on the way) in base64url. Whoever opens the link gets the same run at the same moment.

const most = 1 << 20; // bytes of a query, as the door has it

async function through(bytes, transform) {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const {value, done} = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    if (size > most) throw new Error('the link holds more than a query may');
    parts.push(value);
  }
}

export async function toLink(query) {
  const {scenario, at, text, ...more} = query;
  if (scenario && text === undefined && Object.keys(more).length === 0) return '#' + scenario + (at ? '@' + at : '');
  const bytes = await through(new TextEncoder().encode(JSON.stringify(query)), new CompressionStream('deflate'));
  const letters = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  return '#~' + btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

export async function fromLink(hash) {
  const text = decodeURIComponent(hash.slice(1));
  if (!text.startsWith('~')) {
    const [, scenario, at] = /^(.*?)(?:@(\d+))?$/.exec(text);
    return {scenario: scenario || 'two-winners', ...(at && {at: Number(at)})};
  }
  const bytes = Uint8Array.from(atob(text.slice(1).replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
  const format = bytes[0] === 0x78 ? 'deflate' : 'deflate-raw'; // raw in earlier links; no such data begins so
  const query = JSON.parse(new TextDecoder().decode(await through(bytes, new DecompressionStream(format))));
  if (typeof query !== 'object') throw new Error('this is no query');
  return query;
}
