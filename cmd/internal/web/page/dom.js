// Making elements. Text is always text: nothing here reads markup.

export const $ = id => document.getElementById(id);

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(3).filter(child => child != null && child !== false));
  return node;
}

export const h = (tag, properties, ...children) => fill(document.createElement(tag), properties, children);
export const svg = (tag, properties, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
export const button = (text, properties, onclick) => h('button', {type: 'button', ...properties, onclick}, text);

// show replaces what is in an element, and leaves the focus on what has the same data-key, or else where it was.
export function show(node, ...children) {
  const held = document.activeElement, within = held !== node && node.contains(held), {key} = held.dataset;
  node.replaceChildren(...children.flat(3).filter(child => child != null && child !== false));
  if (!within) return;
  const heir = key === undefined ? null : node.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!node.hasAttribute('tabindex')) node.tabIndex = -1;
  (heir ?? (node.checkVisibility() ? node : $('caption'))).focus({preventScroll: true});
}

// tabs makes a tab list of its buttons; arrows go from one to the next.
export function tabs(list, chosen) {
  const all = [...list.querySelectorAll('[role=tab]')];
  const choose = tab => {
    for (const other of all) {
      const panel = $(other.getAttribute('aria-controls'));
      other.setAttribute('aria-selected', other === tab);
      other.tabIndex = other === tab ? 0 : -1;
      if (other !== tab && panel.contains(document.activeElement)) tab.focus();
      panel.hidden = other !== tab;
    }
    chosen?.(tab.getAttribute('aria-controls'));
  };
  for (const tab of all) tab.addEventListener('click', () => choose(tab));
  list.addEventListener('keydown', event => {
    const way = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!way) return;
    const seen = all.filter(tab => !tab.hidden);
    const tab = seen[(seen.indexOf(document.activeElement) + way + seen.length) % seen.length];
    tab.focus();
    choose(tab);
    event.preventDefault();
    event.stopPropagation();
  });
  return name => choose($('tab-' + name));
}

// The colour of an instance, by its position.
export const hue = position => 'i' + position % 5;

// stored is what is kept in the browser under a name, null if nothing is or may be kept there; a value is put there.
export function stored(name, value) {
  try { return value === undefined ? localStorage.getItem(name) : localStorage.setItem(name, value); } catch { return null; }
}

export const calm = matchMedia('(prefers-reduced-motion: reduce)');
