// What stands beside the run: instances, what is under way, properties, story, rules, branches.

import {$, h, button, show, hue} from './dom.js';
import {command, ask, goTo} from './app.js';
import {sentence, rows, row, plain, edges} from './words.js';

const title = (text, ...more) => h('h2', {}, text, more);
const mark = (good, bad, text) => h('span', {class: bad ? 'mark bad' : good ? 'mark good' : 'mark'}, text);
const list = names => names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names.at(-1);

// lock says who holds the lock, and where it is going to break.
export function lock(view) {
  const holders = view.clients.filter(client => client.holds).map(client => client.name);
  const broken = view.properties.filter(property => property.state === 'violated');
  const now = broken.filter(property => property.broken), later = broken.filter(property => !property.broken);
  const text = holders.length === 0 ? 'Nobody holds the lock' : holders.length === 1 ? `${holders[0]} holds the lock` : `${list(holders)} hold the lock at once`;
  const hidden = view.query.hide && now.length === 0;
  const verdict = hidden ? 'what comes is hidden'
    : broken.length === 0 ? (view.properties.some(property => ['undecided', 'not judged'].includes(property.state)) ? 'nothing is violated; not all is decided' : 'every property holds in this run')
      : now.length > 0 ? 'violated: ' + list(now.map(property => property.name)) : 'will violate ' + later[0].name + (later.length > 1 ? ` and ${later.length - 1} more` : '');
  const next = view.query.hide ? undefined : later[0]; // the first of the list is the lock itself
  $('lock').className = 'lock ' + (holders.length > 1 ? 'conflict' : holders.length ? 'held' : '');
  show($('lock'), h('strong', {}, text), h('span', {class: 'verdict ' + (hidden ? '' : broken.length ? 'bad' : 'good')}, (hidden ? '' : broken.length ? '✗ ' : '✓ ') + verdict),
    next && button(`Show event ${next.event}`, {class: 'primary small', 'data-key': 'break'}, () => goTo(next.event)));
}

const doing = instance => !instance.up ? 'down' : instance.paused ? 'paused' : instance.isolated ? 'isolated'
  : instance.phase ? instance.phase : instance.mutex ? 'mutex held' : '';

export function instances(view) {
  const cell = (instance, field, text) => h('td', {class: instance.changed?.includes(field) ? 'changed' : ''}, text);
  const chosen = view.instances.find(instance => instance.name === view.query.instance);
  const acts = [...(chosen?.can ?? []), ...(chosen ? view.clients.filter(client => client.via === chosen.name).flatMap(client => client.can ?? []) : [])];
  show($('instances'), title('Instances'),
    h('table', {}, h('thead', {}, h('tr', {}, ['', 'promised', 'ID', 'holder', ''].map(text => h('th', {scope: 'col'}, text)))),
      h('tbody', {}, view.instances.map((instance, i) => h('tr', {class: instance === chosen ? 'chosen' : '', onclick: () => command('instance ' + instance.name)},
        h('th', {scope: 'row'}, button(instance.name, {class: 'name ' + hue(i), 'aria-pressed': String(instance === chosen), 'data-key': 'i' + instance.name, title: 'mark it, to act on it'})),
        cell(instance, 'promised', instance.promised), cell(instance, 'id', instance.id), cell(instance, 'holder', instance.holder || '–'),
        h('td', {class: 'doing'}, doing(instance)))))),
    acts.length > 0 && h('p', {class: 'acts'}, acts.map(act => button(act, {class: 'act', 'data-key': act}, () => command(act)))));
}

const verbs = {deliver: 'now', drop: 'lose', duplicate: 'copy', refuse: 'refuse', delay: 'delay'};
const keys = {deliver: '⏎', drop: 'd', duplicate: 'u', refuse: 'f', delay: 'l'};
const act = (verb, item) => verb === 'deliver' ? item.do : verb + ' ' + item.do.replace(/^deliver (?!call|answer)/, '');

export function pending(view) {
  show($('pending'), title('Under way', h('small', {}, 'choose one: it can happen now, be lost, …')),
    view.pending.length === 0 && h('p', {class: 'empty'}, view.at < view.events || view.more ? 'Nothing yet.' : view.ending || 'Nothing.'),
    h('ul', {class: 'pending'}, view.pending.map(item => h('li', {class: item.chosen ? 'chosen' : ''},
      h('button', {type: 'button', class: 'item', 'aria-pressed': String(item.chosen), 'data-key': item.do, onclick: () => command(item.chosen ? 'choose nothing' : 'choose ' + item.do)},
        h('span', {}, item.text.map(span => span.instance === undefined ? span.t : h('b', {class: hue(span.instance)}, span.t))), h('span', {class: 'due'}, item.due)),
      item.chosen && item.preview?.length > 0 && h('p', {class: 'why'}, sentence(item.preview)),
      item.chosen && h('p', {class: 'acts'}, item.can.map(verb => button(verbs[verb] ?? verb,
        {class: 'act', 'data-key': verb, 'aria-label': `${verb}: ${plain(item.text)}`}, () => command(act(verb, item)))
        .appendChild(h('kbd', {}, keys[verb] ?? '')).parentNode))))));
}

export function properties(view) {
  show($('properties'), title('Properties'), h('ul', {class: 'properties'}, view.properties.map(property => {
    const violated = property.state === 'violated' && (property.broken || !view.query.hide);
    const kept = property.state === 'kept' || property.state === 'violated' && !violated;
    return h('li', {title: property.about, class: property.broken ? 'broken' : ''}, mark(kept, violated, violated ? '✗' : kept ? '✓' : '?'), ' ', property.name,
      violated && [' ', button((property.broken ? 'since event ' : 'at event ') + property.event, {class: 'ref', 'data-key': property.name}, () => goTo(property.event))],
      !violated && !kept && h('span', {class: 'due'}, ' ' + property.state),
      property.broken && h('p', {class: 'why'}, sentence(property.why)));
  })));
}

let told = '';

export function story(view, before) {
  const now = JSON.stringify(view.story);
  if (now !== told) show($('lines'), edges(view, view.story[0]?.event, view.story.at(-1)?.event, rows(view, view.story)));
  told = now;
  for (const line of $('lines').querySelectorAll('.line')) {
    const event = Number(line.dataset.event);
    line.classList.toggle('now', event === view.at);
    line.classList.toggle('future', view.at > 0 && event > view.at);
    if (event === view.at) line.setAttribute('aria-current', 'true'); else line.removeAttribute('aria-current');
  }
  if (!$('story').hidden) $('lines').querySelector('.now')?.scrollIntoView({block: 'nearest'});
  if (view.why) {
    show($('why'), title(`Why event ${view.at}`, button('×', {class: 'close', 'aria-label': 'Close'}, () => show($('why')))), h('ol', {}, rows(view, view.why)));
    $('why').scrollIntoView({block: 'nearest'});
  } else if (before && before.at !== view.at) show($('why'));
}

let which = null, of = '';

export function rules(view) {
  const run = JSON.stringify([view.query.scenario, view.query.text, view.query.branches, view.query.branch]);
  if (view.which) [which, of] = [view.which, run];
  if (run !== of) which = null;
  const helps = which?.filter(rule => rule.helps);
  const setup = h('p', {class: 'setup'},
    h('label', {}, 'Edition ', h('select', {'data-key': 'edition', onchange: ({target}) => ask({edition: target.value})},
      (view.editions ?? []).map(edition => h('option', {value: edition.name, title: edition.about, selected: edition.name === view.edition}, edition.name)))),
    h('label', {}, 'Seed ', h('input', {inputmode: 'numeric', value: view.seed, 'data-key': 'seed', onchange: ({target}) => ask({seed: target.value})})));
  show($('rules'), setup, h('p', {class: 'lead'}, view.rulesText, h('small', {}, 'Turn one on or off: the same timeline runs under it, as a branch.')),
    h('p', {class: 'acts'}, button('Which single rule would have kept it?', {class: 'primary', 'data-key': 'which'}, () => command('which'))),
    which && h('div', {class: 'found', role: 'status'}, helps.length === 0 ? 'No single rule would have.' : `${helps.length} of ${which.length} would have: `,
      h('ul', {}, helps.map(rule => h('li', {}, h('b', {}, rule.rule), ': ', sentence(rule.text))))),
    h('ul', {class: 'rules'}, view.rules.map(rule => h('li', {id: 'rule-' + rule.name, class: rule.on === rule.edition ? '' : 'changed'},
      h('label', {}, h('input', {type: 'checkbox', role: 'switch', checked: rule.on, 'data-key': 'rule' + rule.name, onchange: ({target}) => command(`rule ${rule.name}=${target.checked ? 'on' : 'off'}`)}),
        h('span', {}, h('b', {}, rule.name), which?.some(other => other.rule === rule.name && other.helps) && h('em', {}, ' keeps it'), h('small', {}, rule.about), rule.note && h('small', {class: 'noted'}, rule.note)))))));
}

// branches are a tree: what was decided by hand opens a new future, and the old one stays.
export function branches(view) {
  const verdict = branch => mark(branch.violated.length === 0, branch.violated.length > 0, branch.violated.length ? '✗ ' + branch.violated.join(', ') : '✓ nothing is violated');
  const below = parent => {
    const own = view.branches.filter(branch => branch.parent === parent);
    return own.length > 0 && h('ul', {}, own.map(branch => h('li', {}, h('div', {class: branch.here ? 'branch here' : 'branch'},
      button(`${branch.number}  ${branch.name}`, {class: 'name', 'data-key': 'branch' + branch.number, ...(branch.here && {'aria-current': 'true'})}, () => command('branch ' + branch.number)),
      !branch.here && button('compare', {class: 'act', 'data-key': 'compare' + branch.number, 'aria-label': `compare with branch ${branch.number}`}, () => command('compare ' + branch.number)),
      branch.acts.map(text => h('p', {class: 'why'}, text)), h('p', {}, verdict(branch))), below(branch.number))));
  };
  show($('branches'), h('p', {class: 'lead'}, h('small', {}, 'Whatever you decide in the past opens a new future here, and keeps the old one.')), h('div', {class: 'tree'}, below(-1)));
}

// compare puts this branch and another side by side, from where they part.
export function compare(view) {
  const other = view.compare && view.branches[view.compare.branch];
  $('tab-compare').hidden = !view.compare;
  if (!view.compare) return show($('compare'));
  const here = view.branches.find(branch => branch.here);
  const head = branch => h('th', {scope: 'col'}, `branch ${branch.number}: ${branch.acts.at(-1) ?? branch.name}`, h('small', {class: branch.violated.length ? 'bad' : 'good'},
    branch.violated.length ? '✗ ' + branch.violated.join(', ') : '✓ nothing is violated'));
  const side = line => h('td', {}, line && h('ol', {}, row(view, line, true)));
  show($('compare'), h('p', {class: 'note'}, view.compare.differs ? `They part at event ${view.compare.differs}.` : 'They are the same.', ' ',
    button('Close', {class: 'act'}, () => ask({compare: undefined}))),
  h('table', {}, h('thead', {}, h('tr', {}, head(here), head(other))),
    h('tbody', {}, view.compare.rows.map(pair => h('tr', {class: pair.same ? 'same' : ''}, side(pair.left), side(pair.right))))));
}

