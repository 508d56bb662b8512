// The page: what is drawn for a view, and what keys, buttons and files do.

import {$, h, svg, button, show, tabs, stored, calm} from './dom.js';
import {door} from './door.js';
import {app, command, copy, download, follow, goTo, onview, open, say, take} from './app.js';
import {caption} from './words.js';
import * as picture from './picture.js';
import * as stage from './stage.js';
import * as panels from './panels.js';
import {edit} from './editor.js';
import {offer} from './search.js';

const view = tabs($('views'), name => { if (app.view) ({picture: () => picture.draw(app.view), stage: () => stage.draw(app.view)})[name]?.(); });
const panel = tabs($('panels'), name => {
  document.body.classList.toggle('editing', name === 'edit');
  if (name === 'edit') edit();
  if (name === 'story' && app.view) panels.story(app.view, app.view);
});

view('picture');
panel('now');

// --- what a view looks like

onview((now, before) => {
  $('heading').textContent = now.title;
  $('facts').textContent = `${now.rulesText} · ${now.instances.length} instances · seed ${now.seed}` + (now.branches.length > 1 ? ` · branch ${now.branches.find(branch => branch.here).number}` : '');
  $('command').textContent = now.command;
  $('digest').textContent = now.digest;
  for (const name of ['hide', 'predict']) $(name).setAttribute('aria-pressed', String(!!now.query[name]));
  $('tab-edit').hidden = now.spoils;
  if (now.spoils && !$('edit').hidden) panel('now');
  if (!now.query.hide !== !before?.query.hide) resize(0); // an audience sees it larger
  if (now.done) keep(now.done);
  show($('caption'), caption(now));
  const scrub = $('scrub');
  scrub.max = Math.max(now.events, 1);
  scrub.value = now.at;
  scrub.disabled = !!(now.query.hide || now.query.predict);
  scrub.setAttribute('aria-valuetext', `event ${now.at}, ${now.time}`);
  $('ticks').setAttribute('viewBox', `0 0 ${scrub.max} 1`);
  const broken = now.properties.filter(property => property.state === 'violated');
  show($('ticks'), broken.map(property => svg('path', {d: `M${property.event} 0V1`})));
  panels.lock(now);
  panels.aside(now, act);
  panels.instances(now);
  panels.pending(now);
  panels.properties(now);
  panels.story(now, before);
  panels.rules(now);
  panels.branches(now);
  panels.compare(now);
  offer(now);
  picture.draw(now);
  if (!playing) stage.draw(now, before);
  for (const item of document.querySelectorAll('[data-do]')) item.ariaDisabled = String(now.commands.find(other => other.word === item.dataset.do)?.can === false);
  if (now.why) panel('story');
  if (now.which) panel('rules');
  if (now.saved) download(now.saved.name, now.saved.yaml);
  if (now.svg) copy(now.svg, 'The picture');
  if (now.compare && !before?.compare) view('compare');
  if (!now.compare && before?.compare) view('picture');
  if (!$('edit').hidden) edit(now);
});

// --- playing

let playing = false;

const pause = ms => new Promise(done => setTimeout(done, ms));

function plays(is) {
  playing = is;
  $('play').setAttribute('aria-label', is ? 'Stop' : 'Play');
  document.body.classList.toggle('playing', is);
}
const stop = () => plays(false);

// play goes on event by event, until something is to be said, or the end.
async function play() {
  if (playing) return stop();
  if (app.view.at >= app.view.events && !app.view.more) await command('start');
  plays(true);
  while (playing) {
    const before = app.view, next = await door.view({...app.query, do: 'next'});
    if (!playing || app.view !== before) break;
    if (next.said) say(next.said);
    if (next.errors || next.at === before.at) break;
    const ms = Math.min(1500, 600 + (next.time_ns - before.time_ns) / 4e4) / Number($('speed').value);
    await Promise.all([stage.draw(next, before, ms * .7), pause(calm.matches || $('stage').offsetParent === null ? ms : ms * .7)]);
    if (!playing || app.view !== before) break;
    await take(next, {replace: true, quiet: true});
    if (next.said || next.aside?.halts || next.line?.violates?.length) break;
    await pause(ms * .3);
  }
  stop();
}

// --- commands: those of the page, and those of the view

let size = Number(stored('size'));
function resize(by) {
  size = Math.max(-2, Math.min(6, size + by));
  stored('size', size);
  const shown = Math.min(6, size + (app.query.hide && innerWidth > 960 ? 2 : 0));
  document.documentElement.dataset.size = shown;
  document.documentElement.classList.toggle('large', shown > 2);
  if (app.view) picture.draw(app.view); // the current event stays in sight
}
resize(0);

const own = [
  {keys: ['.'], help: 'play, or stop', run: play},
  {keys: [','], help: 'picture, or stage', run: () => view($('picture').hidden ? 'picture' : 'stage')},
  {keys: ['+', '='], help: 'larger', run: () => resize(1)},
  {keys: ['-'], help: 'smaller', run: () => resize(-1)},
  {keys: ['e'], help: 'edit the scenario', run: () => { if (!$('tab-edit').hidden) { panel('edit'); $('text').focus(); } }},
  {keys: ['L'], help: 'choose a scenario', run: () => library()},
  {keys: ['K'], help: 'the course, and its exercises', run: () => library(true)},
  {keys: ['C'], help: 'copy the link', run: () => copy(location.href, 'The link')},
].map(entry => ({...entry, group: 'this page', can: true}));

// Commands that show something which is already here.
const shown = {
  show: () => panel('now'), properties: () => panel('now'), list: () => panel('now'), branches: () => panel('branches'), rules: () => panel('rules'),
  help, here: () => copy(app.view.command, 'The command line'),
};

function carryOut(entry) {
  if (entry.run) return entry.run();
  if (shown[entry.word]) return shown[entry.word]();
  if (entry.ask !== undefined) return prompt(entry.ask);
  return command(entry.word);
}

const named = words => app.view.commands.find(entry => entry.word === words);
const act = offer => offer.open ? open({scenario: offer.open, hide: app.query.hide}) : carryOut(named(offer.do) ?? {word: offer.do});

const names = {' ': 'space', ArrowRight: 'right', ArrowLeft: 'left', ArrowUp: 'up', ArrowDown: 'down', Enter: 'enter', Escape: 'esc', PageUp: 'pgup', PageDown: 'pgdown', Home: 'home', End: 'end'};

addEventListener('keydown', event => {
  const {target} = event, key = (names[event.key] && event.shiftKey ? 'shift+' : '') + (names[event.key] ?? event.key);
  if (event.ctrlKey || event.altKey || event.metaKey || key === 'Tab' || document.querySelector('dialog[open]')) return;
  if (target.matches('textarea, select, input:not([type=checkbox], [type=radio])') && target.id !== 'scrub') return;
  if (target.id === 'scrub' && /^(left|right|up|down|home|end|pgup|pgdown)$/.test(key)) return;
  if (/^(enter|space)$/.test(key) && target.closest('button, summary, input, [role=button]')) {
    if (target.matches('[role=button]')) { event.preventDefault(); target.dispatchEvent(new MouseEvent('click', {bubbles: true})); }
    return;
  }
  const entry = [...own, ...(app.view?.commands ?? [])].find(other => other.keys.includes(key));
  if (!entry) return;
  event.preventDefault();
  if (event.repeat && app.busy > 0) return;
  if (!entry.run) stop();
  carryOut(entry);
});

for (const item of document.querySelectorAll('[data-do]')) item.addEventListener('click', () => { stop(); command(item.dataset.do); });
$('play').addEventListener('click', play);
$('scrub').addEventListener('input', ({target}) => { if (app.busy < 2) goTo(target.value); });
$('scrub').addEventListener('change', async ({target}) => { if (!await goTo(target.value)) target.value = app.view.at; });
$('find').addEventListener('submit', event => { event.preventDefault(); command('search ' + event.target.elements[0].value); });
addEventListener('rule', ({detail}) => { panel('rules'); const entry = $('rule-' + detail); entry?.scrollIntoView({block: 'center'}); entry?.querySelector('input').focus(); });

const share = {
  link: () => copy(location.href, 'The link'), command: shown.here, svg: () => command('svg'), save: () => command('save'), print: () => window.print(),
};
for (const item of document.querySelectorAll('[data-share]')) item.addEventListener('click', () => { $('share').hidePopover(); share[item.dataset.share](); });

// --- dialogs

for (const dialog of document.querySelectorAll('dialog')) {
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  dialog.querySelector('form').addEventListener('submit', event => { event.preventDefault(); dialog.close(); });
}

// sign is a key as keyboards have it.
const signs = {right: '→', left: '←', up: '↑', down: '↓', enter: '⏎', space: 'Space', esc: 'Esc', pgup: 'PgUp', pgdown: 'PgDn', home: 'Home', end: 'End'};
const sign = key => signs[key] ?? key;

function help() {
  if (!app.view) return;
  const all = [...app.view.commands.filter(entry => entry.keys.length > 0 && !entry.keys.every(key => own.some(other => other.keys.includes(key)))), ...own];
  const titles = {go: 'Going', hand: 'Your hand on it: a choice in the past opens a branch', look: 'Looking'};
  const groups = [...new Set(all.map(entry => entry.group))];
  show($('keylist'), groups.map(group => h('section', {}, h('h3', {}, titles[group] ?? group), h('dl', {}, all.filter(entry => entry.group === group).map(entry =>
    h('div', {class: entry.can ? '' : 'cannot'}, h('dt', {}, entry.keys.map(key => h('kbd', {}, sign(key)))), h('dd', {}, entry.help)))))));
  $('keys').showModal();
}
$('help').addEventListener('click', help);

function prompt(text) {
  $('line').value = text;
  show($('words'), app.view.commands.filter(entry => entry.word && !entry.word.startsWith('press ')).map(entry => h('option', {value: entry.word}, entry.help)));
  $('prompt').showModal();
  $('line').setSelectionRange(text.length, text.length);
}
$('prompt').querySelector('form').addEventListener('submit', () => { const words = $('line').value.trim(); if (words) carryOut(named(words)?.ask === undefined && named(words) || {word: words}); });

// What is done of the course is kept here, the better of two scores, and nowhere else.
function progress() {
  try { return Object(JSON.parse(stored('course'))); } catch { return {}; }
}

function keep({name, right, of}) {
  const all = progress(), old = all[name], moves = right > of || old?.right > old?.of; // fewer are better
  if (!old || (moves ? right < old.right : right > old.right)) stored('course', JSON.stringify({...all, [name]: {right, of}}));
}

async function library(taught) {
  const {groups} = await door.view({ask: 'library'}), done = progress();
  const next = groups.flatMap(group => group.taught ? group.scenarios : []).find(entry => !done[entry.name]);
  const choose = name => { $('library').close(); open({scenario: name, hide: app.query.hide}); };
  const sign = entry => done[entry.name] ? ` ✓ ${done[entry.name].right}/${done[entry.name].of}` : entry === next && ' ▸ next';
  $('library-title').textContent = taught ? 'The course' : 'Scenarios';
  show($('shelves'), groups.filter(group => group.taught || !taught).map(group => h('section', {}, h('h3', {}, group.title),
    h('ul', {}, group.scenarios.map(entry => h('li', {}, button([h('b', {}, entry.title, group.taught && h('em', {}, sign(entry))), h('small', {}, entry.name)], {title: entry.about, 'data-name': entry.name}, () => choose(entry.name))))))));
  $('filter').value = '';
  if (!$('library').open) $('library').showModal();
  $('filter').focus();
  if (taught) $('shelves').querySelector(`[data-name="${next?.name}"]`)?.focus();
}
$('forget').addEventListener('click', () => { if (confirm('Forget all that is done of the course? It cannot be had back.')) { stored('course', '{}'); library(true); } });
$('learn').addEventListener('click', () => library(true));
$('brand').addEventListener('click', () => library());
$('filter').addEventListener('input', ({target}) => {
  for (const entry of $('shelves').querySelectorAll('li')) entry.hidden = !entry.textContent.toLowerCase().includes(target.value.toLowerCase());
  for (const shelf of $('shelves').children) shelf.hidden = !shelf.querySelector('li:not([hidden])');
});

$('filter').addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.value) return;
  event.preventDefault();
  $('shelves').querySelector('section:not([hidden]) li:not([hidden]) button')?.click();
});

// --- files, and the browser's history

async function read(file) {
  if (!file) return;
  if (file.size > 256 << 10) return say(file.name + ' is larger than 256 KiB');
  $('library').close();
  if (!await open({scenario: file.name, text: await file.text()})) panel('edit');
}
$('file').addEventListener('change', ({target}) => { read(target.files[0]); target.value = ''; }); // the same may be opened again
addEventListener('dragover', event => { event.preventDefault(); document.body.classList.add('dropping'); });
addEventListener('dragleave', event => { if (!event.relatedTarget) document.body.classList.remove('dropping'); });
addEventListener('drop', event => { event.preventDefault(); document.body.classList.remove('dropping'); read(event.dataTransfer.files[0]); });
let resizing;
addEventListener('resize', () => { clearTimeout(resizing); resizing = setTimeout(() => resize(0), 250); });
addEventListener('popstate', () => { stop(); follow({back: true}); });

addEventListener('unhandledrejection', event => { event.preventDefault(); stop(); say(event.reason.message); });

follow();
