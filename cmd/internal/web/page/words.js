// Sentences and lines, from the spans that the view has.

import {h, button, hue} from './dom.js';
import {goTo} from './app.js';

// sentence is text whose events, rules and names are told apart; events lead there.
export function sentence(spans) {
  return (spans ?? []).map(span => {
    if (span.event !== undefined) return button(span.t, {class: 'ref'}, event => { event.stopPropagation(); goTo(span.event); });
    if (span.rule !== undefined) {
      return button(span.t, {class: 'ref rule'}, event => { event.stopPropagation(); dispatchEvent(new CustomEvent('rule', {detail: span.rule})); });
    }
    if (span.instance !== undefined) return h('b', {class: hue(span.instance)}, span.t);
    if (span.client !== undefined) return h('b', {class: 'client'}, span.t);
    return span.t;
  });
}

export const plain = spans => (spans ?? []).map(span => span.t).join('');

// name is the name of an instance in its colour, or of a client.
export function name(view, text) {
  const position = view.instances.findIndex(instance => instance.name === text);
  return h('b', {class: position < 0 ? 'client' : hue(position)}, text);
}

function actors(view, line) {
  if (line.to) return [name(view, line.from), h('span', {class: 'glyph'}, ` ${line.glyph} `), name(view, line.to)];
  return line.glyph ? [h('span', {class: 'glyph'}, line.glyph + ' '), name(view, line.from)] : [name(view, line.from)];
}

const sorry = property => h('span', {class: 'broke'}, '✗ ' + property);

// row is a line of the story; a click anywhere on it goes there.
export function row(view, line, first) {
  return h('li', {class: 'line', 'data-event': line.event, onclick: () => goTo(line.event)},
    h('span', {class: 'time'}, first ? line.time : ''),
    button(String(line.event), {class: 'number', 'data-key': 'line' + line.event, 'aria-label': 'event ' + line.event}),
    h('p', {}, h('span', {class: 'head'}, actors(view, line), ' ', h('span', {class: 'what'}, sentence(line.what))),
      line.why?.length > 0 && h('span', {class: 'why'}, sentence(line.why)), (line.violates ?? []).map(sorry)));
}

export const rows = (view, lines) => lines.map((line, i) => row(view, line, i === 0 || lines[i - 1].time !== line.time));

// edges stand around what is only a window of a long run, and lead out of it.
export function edges(view, first, last, inner) {
  const way = (event, text) => button(text, {class: 'edge'}, () => goTo(event));
  return [first > 1 && way(first - 1, 'earlier events'), inner, last < view.events && way(last + 1, 'later events')];
}

// caption is the current event in full, or what there is to see before the first.
export function caption(view) {
  const line = view.line;
  if (!line) {
    const [first, ...more] = (view.about || 'Nothing has happened yet.').trim().split(/\n\n+/);
    return [h('p', {class: 'head'}, first), more.map(text => h('p', {class: 'why'}, text))];
  }
  const broke = view.properties.filter(property => property.event === line.event && property.state === 'violated');
  return [
    h('p', {class: 'where'}, `event ${line.event} of ${view.hidden ? '…' : view.events + (view.more ? '+' : '')} · ${view.time}`,
      line.cause > 0 && [' · caused by ', button('event ' + line.cause, {class: 'ref'}, () => goTo(line.cause))]),
    h('p', {class: 'head'}, actors(view, line), ' ', h('span', {class: 'what'}, sentence(line.what))),
    line.why?.length > 0 && h('p', {class: 'why'}, sentence(line.why)),
    broke.map((property, i) => i === 0 && h('p', {class: 'why'}, h('span', {class: 'broke'}, `✗ ${property.name}: `), sentence(property.why))),
    broke.length > 1 && h('p', {class: 'broke'}, '✗ ' + broke.slice(1).map(property => property.name).join(', ')),
  ];
}
