// The stage: instances in a ring, their clients outside of it, and messages that travel between them.

import {$, h, svg, show, hue, calm} from './dom.js';
import {command} from './app.js';

const ring = {x: 190, y: 138}, radius = 46;

// short is a text of at most so many letters; both its ends stay, since names often differ in the last letter.
const short = (text, most) => text.length <= most ? text : text.slice(0, most - 4) + '…' + text.slice(-3);

// places says where instances and clients stand.
function places(view) {
  const at = new Map(), n = view.instances.length, grow = n === 1 ? 0 : 1 + Math.max(0, n - 3) * .14;
  const turn = i => -Math.PI / 2 + 2 * Math.PI * i / n + (n === 2 ? Math.PI / 2 : 0);
  const put = (name, angle, x, y) => at.set(name, {x: x * Math.cos(angle), y: y * Math.sin(angle), angle});
  view.instances.forEach((instance, i) => put(instance.name, turn(i), ring.x * grow, ring.y * grow));
  const beside = new Map(view.instances.map(instance => [instance.name, view.clients.filter(client => client.via === instance.name)]));
  for (const [via, clients] of beside) {
    clients.forEach((client, i) => {
      const angle = at.get(via).angle + (i - (clients.length - 1) / 2) * .42;
      put(client.name, angle, ring.x * grow + 122, ring.y * grow + 88);
    });
  }
  return at;
}

function box(at) {
  const xs = [...at.values()].map(place => place.x), ys = [...at.values()].map(place => place.y);
  const left = Math.min(...xs) - 90, top = Math.min(...ys) - 64;
  return `${left} ${top} ${Math.max(...xs) + 90 - left} ${Math.max(...ys) + 84 - top}`;
}

const isLost = flight => flight.fate === 'lost';

// progress is how far a message has come at a time, from 0 to 1; without times it is half way.
function progress(flight, now) {
  if (flight.due_ns == null || flight.due_ns <= flight.sent_ns) return .5;
  return Math.min(.7, Math.max(.3, (now - flight.sent_ns) / (flight.due_ns - flight.sent_ns)));
}

function node(view, instance, position, at) {
  const {x, y} = at.get(instance.name);
  const state = instance.doing === 'mutex held' ? '' : instance.doing;
  const fact = (name, value, dy) => svg('text', {y: dy, class: instance.changed.includes(name) ? 'fact changed' : 'fact'}, value);
  return svg('g', {
    class: `node ${hue(position)} ${state} ${instance.mutex ? 'mutex' : ''} ${view.query.instance === instance.name ? 'chosen' : ''}`,
    transform: `translate(${x} ${y})`, role: 'button', tabindex: 0, 'data-key': 'node' + instance.name,
    'aria-label': `${instance.name}: promised ${instance.promised}, ID ${instance.id}, holder ${instance.holder || 'none'} ${state}`,
    onclick: () => command('instance ' + instance.name),
  },
  svg('circle', {class: 'halo', r: radius + 7}), svg('circle', {class: 'body', r: radius}),
  svg('text', {y: -14, class: 'name'}, short(instance.name, 8)),
  fact('promised', 'promised ' + instance.promised, 6),
  fact(instance.changed.includes('id') ? 'id' : 'holder', short(`${instance.id} ${instance.holder || '–'}`, 11), 23),
  state && svg('text', {y: radius + 21, class: 'state'}, state));
}

function guest(client, at, two) {
  const {x, y} = at.get(client.name), name = short(client.name, 12), wide = Math.max(64, name.length * 9 + 26);
  const state = client.holds ? 'holds the lock' : client.waits ? 'waits' : '';
  return svg('g', {class: `guest ${client.holds ? 'holds' : ''} ${client.holds && two ? 'conflict' : ''}`, transform: `translate(${x} ${y})`},
    svg('rect', {x: -wide / 2, y: -15, width: wide, height: 30, rx: 15}), svg('text', {y: 5, class: 'name'}, name),
    svg('text', {y: 32, class: 'state'}, state));
}

// track is the way of a message, to the right of the straight line, so that it passes those that come the other way,
// and by its rank below those on the same way.
function track(flight, at, rank) {
  const a = at.get(flight.from), b = at.get(flight.to);
  if (!a || !b) return null;
  const dx = b.x - a.x, dy = b.y - a.y, long = Math.hypot(dx, dy) || 1, ux = dx / long, uy = dy / long;
  const start = radius + 6, way = long - 2 * start, aside = flight.kind === 'client' ? 58 : 18;
  return p => ({x: a.x + ux * (start + way * p) - uy * aside, y: a.y + uy * (start + way * p) + ux * aside + 28 * rank});
}

function pill(flight, position, chosen) {
  const wide = flight.label.length * 7.6 + 18;
  return svg('g', {class: `flight ${flight.kind} ${position < 0 ? 'client' : hue(position)} ${chosen ? 'chosen' : ''} ${flight.fate}`,
    onclick: () => flight.do && command('choose ' + flight.do)},
  svg('rect', {x: -wide / 2, y: -12, width: wide, height: 24, rx: 12}), svg('text', {y: 4.5}, flight.label),
  isLost(flight) && svg('path', {class: 'cross', d: 'M-7 -7L7 7M7 -7L-7 7'}));
}

// draw shows a view; where it follows the one before, messages travel there, in ms milliseconds.
export function draw(view, before, ms = 260) {
  const at = places(view), holding = view.clients.filter(client => client.holds), two = holding.length > 1;
  const links = view.instances.flatMap((a, i) => view.instances.slice(i + 1).map((b, k) => {
    const cut = view.stage.cut.some(pair => pair.includes(i) && pair.includes(i + 1 + k));
    const p = at.get(a.name), q = at.get(b.name);
    return svg('path', {class: cut ? 'link cut' : 'link', d: `M${p.x} ${p.y}L${q.x} ${q.y}`});
  }));
  const calls = view.clients.map(client => {
    const p = at.get(client.name), q = at.get(client.via);
    return p && q && svg('path', {class: 'link call', d: `M${p.x} ${p.y}L${q.x} ${q.y}`});
  });
  const follows = before && view.at === before.at + 1 && view.query.branch === before.query.branch && view.title === before.title;
  const movers = travels(view, follows ? before : null, at);
  const root = svg('svg', {viewBox: box(at), 'aria-label': 'Stage'},
    links, calls, movers.map(mover => mover.pill),
    view.clients.map(client => guest(client, at, two)), view.instances.map((instance, i) => node(view, instance, i, at)));
  show($('stage'), root, h('p', {class: 'note'}, view.time));
  const moves = follows && !calm.matches && $('stage').checkVisibility();
  return Promise.all(movers.map(async ({pill, way, from, to, ends}) => {
    const [begin, end] = [way(from), way(to)].map(({x, y}) => `translate(${x}px, ${y}px)`);
    pill.style.transform = end;
    if (moves) await pill.animate({transform: [begin, end], ...(ends && {opacity: [1, 1, 0]})}, ms).finished;
    if (ends) pill.remove();
  }));
}

// flights are the messages and calls that are under way; timers are none.
const flights = view => (view?.pending ?? []).filter(item => item.fate);

// travels says for every message how far it gets from one view to the next.
function travels(view, before, at) {
  const now = view.stage, then = before?.stage, list = [], seen = new Set(flights(view).map(flight => flight.do));
  const add = (flight, from, to, ends) => {
    const rank = list.filter(other => other.link === flight.from + flight.to).length;
    const way = track(flight, at, rank), position = view.instances.findIndex(instance => instance.name === flight.from);
    if (way) list.push({pill: pill(flight, position, flight.do !== undefined && flight.do === view.query.chosen), way, from, to, ends, link: flight.from + flight.to});
  };
  for (const flight of flights(before)) {
    if (!seen.has(flight.do)) add(flight, progress(flight, then.now_ns), isLost(flight) ? .5 : 1, true);
  }
  for (const flight of flights(view)) {
    const old = flights(before).find(other => other.do === flight.do);
    add(flight, old ? progress(old, then.now_ns) : 0, progress(flight, now.now_ns), false);
  }
  return list;
}
