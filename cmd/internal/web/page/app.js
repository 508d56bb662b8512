// What is shown: the query and its view. Everything that changes it goes through ask, one after the other.

import {door} from './door.js';
import {toLink, fromLink} from './link.js';
import {$, h, button, show} from './dom.js';

export const app = {query: {}, view: null, busy: 0};

const listeners = [];
export const onview = listener => listeners.push(listener);

// say tells the user something for a while.
let quiet;
export function say(text) {
  $('said').textContent = text;
  clearTimeout(quiet);
  if (text) quiet = setTimeout(() => say(''), 3000 + 60 * text.length);
}

// fail says what is wrong: for a while, or until something else opens if there is nothing to be seen.
function fail(text) {
  if (app.view) return say(text);
  const [first, ...more] = text.split('\n');
  show($('caption'), h('p', {class: 'head'}, first), more.map(line => h('p', {class: 'why'}, line)),
    h('p', {class: 'acts'}, button('Choose a scenario', {class: 'primary'}, () => $('brand').click())));
  usable(false);
}

function usable(is) {
  for (const part of document.querySelectorAll('nav, .scrub, .transport')) part.inert = !is;
}

// Steps in a row are one entry in the browser's history: back leads to where they began.
const steps = /^(next|back|choose|instance|goto|press pg)/;
let stepping = false;

async function keep(query, how) {
  const link = await toLink(query), step = steps.test(how.command ?? '');
  if (how.back) stepping = false;
  if (link === location.hash || how.of !== undefined && how.of !== location.hash) return; // somebody has gone on meanwhile
  history[how.replace || step && stepping ? 'replaceState' : 'pushState'](null, '', link);
  stepping = step;
}

// take shows a view that was asked for, and keeps its link.
export async function take(view, how = {}) {
  if (view.errors?.length) {
    const fault = view.errors[0];
    app.faults?.(view);
    const text = (fault.line ? `line ${fault.line}: ` : '') + fault.message + (fault.hint ? '\n' + fault.hint : '');
    fail(text);
    return false;
  }
  const before = app.view;
  if (!before) usable(true);
  app.query = view.query;
  app.view = view;
  document.title = `${view.title} · Skinny's sandbox`;
  await keep(app.query, how);
  for (const listener of listeners) listener(view, before);
  if (view.said || !how.quiet) say(view.said ?? '');
  return true;
}

async function perform(change, how) {
  const query = how.whole ? change : {...app.query, ...change};
  return take(await door.view(query), {...how, command: change.do});
}

function busy(by) {
  app.busy += by;
  document.body.setAttribute('aria-busy', String(app.busy > 0));
}

// ask changes the query, carries out its command (do), and shows what comes of it.
let last = Promise.resolve();
export function ask(change, how = {}) {
  busy(1);
  last = last.then(() => perform(change, how)).catch(error => { fail(error.message); return false; }).finally(() => busy(-1));
  return last;
}

export const command = (words, how) => ask({do: words}, how);
export const goTo = event => command('goto ' + event);
export const open = (query, how) => ask(query, {whole: true, ...how});

// follow shows what the address says.
export async function follow(how) {
  const of = location.hash, query = await fromLink(of || '#two-winners').catch(() => null);
  if (!query) fail('This link is broken.\nPart of it is missing or has been changed, perhaps where it was copied.');
  else if (await open(query, {...how, of, replace: true})) return; // the event that it asks for may not be there
  const shown = app.view && await toLink(app.query);
  if (shown && of === location.hash) history.replaceState(null, '', shown);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(what + ' is copied');
  } catch { // there is no clipboard
    if (text.startsWith('<svg')) download('picture.svg', text); else say(`${what} could not be copied; here it is:\n${text}`);
  }
}

export function download(name, text) {
  const link = Object.assign(document.createElement('a'), {href: URL.createObjectURL(new Blob([text])), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
