// What is shown: the query and its view. Everything that changes it goes through ask, one after the other.

import {door} from './door.js';
import {toLink, fromLink} from './link.js';
import {$} from './dom.js';

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

// Steps in a row are one entry in the browser's history: back leads to where they began.
const steps = /^(next|back|choose|instance|goto|press pg)/;
let stepping = false;

async function keep(query, how) {
  const link = await toLink(query);
  if (link === location.hash) return;
  const step = steps.test(how.command ?? '');
  history[how.replace || step && stepping ? 'replaceState' : 'pushState'](null, '', link);
  stepping = step;
}

// take shows a view that was asked for, and keeps its link.
export async function take(view, how = {}) {
  if (view.errors?.length) {
    const fault = view.errors[0];
    app.faults?.(view);
    const text = (fault.line ? `line ${fault.line}: ` : '') + fault.message + (fault.hint ? '\n' + fault.hint : '');
    if (app.view) say(text); else $('caption').textContent = text;
    return false;
  }
  const before = app.view;
  const {rows, width, ...query} = view.query;
  app.query = view.query = query;
  app.view = view;
  document.title = `${view.title} · Skinny's sandbox`;
  if (how.back) stepping = false; else await keep(query, how);
  for (const listener of listeners) listener(view, before);
  if (view.said || !how.quiet) say(view.said ?? '');
  return true;
}

// asked is a query with what the door has to know of the screen, which is not part of the link.
export function asked(query) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return {rows: 200, width: Math.floor($('picture').clientWidth / rem * 16 / 40) * 40 || undefined, ...query};
}

async function perform(change, how) {
  const query = how.whole ? change : {...app.query, ...change};
  return take(await door.view(asked(query)), {...how, command: change.do});
}

function busy(by) {
  app.busy += by;
  document.body.setAttribute('aria-busy', String(app.busy > 0));
}

// ask changes the query, carries out its command (do), and shows what comes of it.
let last = Promise.resolve();
export function ask(change, how = {}) {
  busy(1);
  last = last.then(() => perform(change, how)).catch(error => { say(error.message); return false; }).finally(() => busy(-1));
  return last;
}

export const command = (words, how) => ask({do: words}, how);
export const goTo = event => command('goto ' + event);
export const open = (query, how) => ask(query, {whole: true, ...how});

// follow shows what the address says.
export async function follow(how) {
  try {
    return await open(await fromLink(location.hash || '#two-winners'), how);
  } catch (error) {
    say('This link cannot be read: ' + error.message);
    return false;
  }
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(what + ' is copied');
  } catch { // there is no clipboard
    if (text.startsWith('<svg')) download('picture.svg', text); else say(text);
  }
}

export function download(name, text) {
  const link = Object.assign(document.createElement('a'), {href: URL.createObjectURL(new Blob([text])), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
