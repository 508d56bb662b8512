// The editor: a text area over a copy of its text in which errors are marked; it knows the keys of the format.

import {$, h, show} from './dom.js';
import {door} from './door.js';
import {app, ask, say} from './app.js';

const area = $('text');
let faults = [], of; // of is the run that the text is of, or is going to be of

const run = query => JSON.stringify([query.scenario, query.text]);

// paint writes the line numbers and the copy below the text, with its errors marked.
function paint() {
  const lines = area.value.split('\n'), still = faults.filter(fault => fault.was === lines[fault.line - 1]);
  const at = new Map(still.map(fault => [fault.line, fault]));
  show($('numbers'), lines.map((_, i) => h('span', {class: at.has(i + 1) ? 'bad' : ''}, `${i + 1}\n`)));
  show($('under'), lines.map((line, i) => {
    const fault = at.get(i + 1);
    if (!fault) return line + '\n';
    const from = Math.max(0, (fault.column || 1) - 1), word = /^[^\s,:{}[\]]+|^./.exec(line.slice(from))?.[0] ?? ' ';
    return [line.slice(0, from), h('mark', {}, word), line.slice(from + word.length) + '\n'];
  }));
  show($('faults'), still.map(fault => h('li', {}, h('button', {type: 'button', 'data-key': 'fault' + fault.line, onclick: () => place(fault)}, `line ${fault.line}`),
    ' ', fault.message, fault.hint && h('small', {}, fault.hint))));
  area.setAttribute('aria-invalid', String(still.length > 0));
}

// report shows errors, as long as their lines stay as they were.
function report(errors) {
  const lines = area.value.split('\n');
  faults = errors.map(error => ({...error, was: lines[error.line - 1]}));
  paint();
}

function place({line, column}) {
  const before = area.value.split('\n').slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  area.focus();
  area.setSelectionRange(before + (column || 1) - 1, before + (column || 1) - 1);
}

// changed shows the scenario as it is now written, if it has no errors. Back leads to where the first change was
// made, and to branches, which are not those of another text.
let waiting;
function changed() {
  complete();
  paint();
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const text = area.value, {scenario, hide, branches, text: before} = app.query;
    const {errors = []} = await door.view({ask: 'lint', text}).catch(error => (say(error.message), {}));
    if (text !== area.value) return;
    report(errors);
    if (errors.length > 0) return;
    of = run({scenario, text});
    const shown = await ask({scenario, text, at: app.view?.at ?? 0, hide, plain: true}, {whole: true, replace: before !== undefined && !branches, quiet: true});
    if (shown && branches) say('The branches are not part of the new text; back in the browser leads to them');
  }, 350);
}

let offered = null, chosen = 0;

// complete offers the keys, or the values of a key, that can stand at the cursor.
async function complete() {
  const text = area.value.slice(0, area.selectionStart);
  const {typed, found} = await door.view({ask: 'complete', text}).catch(() => ({}));
  if (text !== area.value.slice(0, area.selectionStart) || document.activeElement !== area) return;
  offered = found?.length > 0 ? {typed, found, from: text.length - typed.length} : null;
  chosen = 0;
  list();
}

function list() {
  const box = $('complete');
  box.hidden = !offered;
  area.setAttribute('aria-expanded', String(!!offered));
  if (!offered) return;
  show(box, offered.found.map(([name, about], i) => h('li', {role: 'option', id: 'offer' + i, 'aria-selected': String(i === chosen),
    onmousedown: event => { event.preventDefault(); chosen = i; accept(); }}, h('b', {}, name.trim()), h('small', {}, about))));
  area.setAttribute('aria-activedescendant', 'offer' + chosen);
  const lines = area.value.slice(0, area.selectionStart).split('\n');
  box.style.setProperty('--line', lines.length);
  box.style.setProperty('--column', lines.at(-1).length - offered.typed.length);
  box.style.setProperty('--down', area.scrollTop + 'px');
}

function accept() {
  area.setRangeText(offered.found[chosen][0], offered.from, area.selectionStart, 'end');
  offered = null;
  list();
  changed();
}

area.addEventListener('input', changed);
area.addEventListener('blur', () => { offered = null; list(); });
area.addEventListener('scroll', () => {
  $('under').scrollTo(area.scrollLeft, area.scrollTop);
  $('numbers').scrollTo(0, area.scrollTop);
});
area.addEventListener('keydown', event => {
  const way = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (offered && way) chosen = (chosen + way + offered.found.length) % offered.found.length;
  else if (offered && (event.key === 'Enter' || event.key === 'Tab')) { event.preventDefault(); return accept(); }
  else if (offered && event.key === 'Escape') offered = null;
  else if (event.key === 'Escape') return void $('tab-edit').focus(); // so that the keyboard is not caught here
  else return;
  event.preventDefault();
  list();
});

// A text with errors is left to be mended, as if it had been written beside what is shown.
app.faults = ({query, errors}) => {
  if (query?.text === undefined) return;
  if (of !== run(query)) area.value = query.text;
  of = run(app.query);
  if (area.value === query.text) report(errors);
};

// edit fills the editor with the scenario that is shown, and keeps what is being written as long as that is the same.
export async function edit({query} = app.view ?? {}) {
  if (!query || of === run(query)) return;
  const text = query.text ?? (await door.view({ask: 'text', scenario: query.scenario})).text;
  if (query !== app.query || of === run(query)) return; // it has come meanwhile
  clearTimeout(waiting);
  of = run(query);
  area.value = text;
  faults = [];
  paint();
}
