// The space-time picture: SVG from the door, vetted, marked at the current event, clicked to go somewhere.

import {$, h, show, calm} from './dom.js';
import {goTo} from './app.js';
import {edges} from './words.js';

const elements = new Set(['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon', 'text', 'tspan', 'title', 'desc', 'defs', 'marker', 'pattern', 'clipPath']);

// parse reads SVG and refuses whatever could do more than be looked at.
export function parse(text) {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg') throw new Error('the picture is no SVG');
  for (const node of [root, ...root.querySelectorAll('*')]) {
    if (node.localName === 'style') { node.remove(); continue; } // the page has its own
    if (!elements.has(node.localName) || node.namespaceURI !== root.namespaceURI) throw new Error(`the picture has an element ${node.localName}`);
    for (const {localName} of [...node.attributes]) {
      if (/^(on|href$|style$)/i.test(localName)) throw new Error(`the picture has an attribute ${localName}`);
    }
  }
  return document.adoptNode(root);
}

let text = '', picture = null, marked = []; // marked are rows and arrows, with their events

// build puts a picture into the page. Its head, the lanes' names, stays in sight.
function build(view) {
  picture = parse(view.picture.svg);
  const [left, top, width, height] = picture.getAttribute('viewBox').split(/[ ,]+/).map(Number);
  const head = Number(picture.dataset.head ?? 0), names = picture.querySelector('#heads');
  const parts = [picture];
  if (head > 0 && names) {
    const bar = picture.cloneNode();
    bar.setAttribute('viewBox', `${left} ${top} ${width} ${head}`);
    bar.classList.add('top');
    bar.setAttribute('aria-hidden', 'true');
    bar.append(names);
    parts.unshift(bar);
    picture.setAttribute('viewBox', `${left} ${top + head} ${width} ${height - head}`);
  }
  for (const part of parts) {
    for (const name of ['width', 'height']) part.removeAttribute(name);
    part.style.setProperty('--wide', width);
  }
  marked = [];
  for (const node of picture.querySelectorAll('[id^=e], [id^=m]')) {
    const event = Number(node.id.slice(1));
    if (!event) continue;
    marked.push([node, event]);
    if (node.localName !== 'g') continue;
    node.classList.add('event');
    node.querySelector('rect')?.classList.add('row');
  }
  show($('picture'), h('div', {class: 'sheet'}, edges(view, view.picture.first, view.picture.last, parts)));
}

function mark(view) {
  const broken = new Set(view.properties.filter(property => property.state === 'violated').map(property => property.event));
  for (const [node, event] of marked) {
    node.classList.toggle('now', event === view.at);
    node.classList.toggle('cause', event === view.line?.cause);
    node.classList.toggle('future', view.at > 0 && event > view.at);
    node.classList.toggle('violated', broken.has(event));
  }
  const box = $('picture'), row = picture.querySelector('.event.now .row');
  if (box.offsetParent === null) return;
  if (!row) return void (view.at === 0 && box.scrollTo({top: 0}));
  const at = row.getBoundingClientRect(), seen = box.getBoundingClientRect(), third = seen.height / 3;
  const off = at.top < seen.top + third / 2 ? at.top - seen.top - third : at.bottom > seen.bottom - third / 2 ? at.bottom - seen.bottom + third : 0;
  if (off) box.scrollBy({top: off, behavior: calm.matches ? 'auto' : 'smooth'});
}

export function draw(view) {
  if (view.picture.svg !== text) {
    try {
      build(view);
    } catch (error) {
      picture = null;
      show($('picture'), h('p', {class: 'empty'}, `The picture cannot be shown: ${error.message}.`));
    }
    text = view.picture.svg;
  }
  if (picture) mark(view);
}

$('picture').addEventListener('click', ({target}) => {
  const group = target.closest('g.event');
  if (group) goTo(Number(group.id.slice(1)));
});
