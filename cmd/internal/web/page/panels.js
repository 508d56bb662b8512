// What stands beside the run: instances, what is under way, properties, story, rules, branches.

import {$, h, button, show, hue} from './dom.js';
import {command, ask, goTo} from './app.js';
import {sentence, rows, row, plain, edges} from './words.js';

const title = (text, ...more) => h('h2', {}, text, more);
const mark = (good, bad, text) => h('span', {class: bad ? 'mark bad' : good ? 'mark good' : 'mark'}, text);

// lock says who holds the lock, and where it is going to break.
export function lock({lock: {text, state, verdict, mood, next}}) {
  $('lock').className = 'lock ' + state;
  show($('lock'), h('strong', {}, text), h('span', {class: 'verdict ' + mood}, verdict),
    next && button(`Show event ${next}`, {class: 'primary small', 'data-key': 'break'}, () => goTo(next)));
}

// aside is what a lesson, an exercise or a prediction says and asks, as long as it stays the same left as it is.
let beside = '';

export function aside({aside: told}, act) {
  if (beside === JSON.stringify(told ?? '')) return;
  beside = JSON.stringify(told ?? '');
  const words = row => row.text.map(piece => [h('span', {class: piece.look}, piece.t), ' ']);
  $('aside').hidden = !told;
  show($('aside'), told && [h('h2', {}, told.title),
    told.rows.map(row => row.do ? button(words(row), {class: 'choose', 'data-key': row.do}, () => command(row.do)) : h('p', {}, words(row))),
    h('p', {class: 'acts'}, told.acts.map(offer => button([offer.text, offer.key && h('kbd', {}, offer.key)],
      {class: offer.open || offer.do === 'press enter' ? 'primary small' : 'small', 'data-key': 'act' + (offer.do ?? offer.open)}, () => act(offer))))]);
}

export function instances(view) {
  const cell = (instance, field, text) => h('td', {class: instance.changed.includes(field) ? 'changed' : ''}, text);
  const chosen = view.instances.find(instance => instance.name === view.query.instance);
  const acts = [...(chosen?.can ?? []), ...(chosen ? view.clients.filter(client => client.via === chosen.name).flatMap(client => client.can) : [])];
  show($('instances'), title('Instances'),
    h('table', {}, h('thead', {}, h('tr', {}, ['', 'promised', 'ID', 'holder', ''].map(text => h('th', {scope: 'col'}, text)))),
      h('tbody', {}, view.instances.map((instance, i) => h('tr', {class: instance === chosen ? 'chosen' : '', onclick: () => command('instance ' + instance.name)},
        h('th', {scope: 'row'}, button(instance.name, {class: 'name ' + hue(i), 'aria-pressed': String(instance === chosen), 'data-key': 'i' + instance.name, title: 'mark it, to act on it'})),
        cell(instance, 'promised', instance.promised), cell(instance, 'id', instance.id), cell(instance, 'holder', instance.holder || '–'),
        h('td', {class: 'doing'}, instance.doing))))),
    acts.length > 0 && h('p', {class: 'acts'}, acts.map(act => button(act, {class: 'act', 'data-key': act}, () => command(act)))));
}

const verbs = {deliver: 'now', drop: 'lose', duplicate: 'copy'};
const keys = {deliver: '⏎', drop: 'd', duplicate: 'u', refuse: 'f', delay: 'l'};
const act = (verb, item) => verb === 'deliver' ? item.do : verb + ' ' + item.do.replace(/^deliver (?!call|answer)/, '');

export function pending(view) {
  show($('pending'), title('Under way', h('small', {}, 'choose one: it can happen now, be lost, …')),
    view.pending.length === 0 && h('p', {class: 'empty'}, view.hidden || view.at < view.events || view.more ? 'Nothing yet.' : view.ending || 'Nothing.'),
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
    const violated = property.state === 'violated', kept = property.state === 'kept';
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
  const set = (name, was) => ({'data-key': name, onchange: async ({target}) => { if (!await ask({[name]: target.value})) target.value = was; }});
  const setup = h('p', {class: 'setup'},
    h('label', {}, 'Edition ', h('select', set('edition', view.edition),
      view.editions.map(edition => h('option', {value: edition.name, title: edition.about, selected: edition.name === view.edition}, edition.name)))),
    h('label', {}, 'Seed ', h('input', {inputmode: 'numeric', value: view.seed, ...set('seed', view.seed)})));
  if (view.secret) {
    return show($('rules'), h('p', {class: 'lead'}, view.rulesText), h('ul', {class: 'rules'}, view.rules.map(rule =>
      h('li', {id: 'rule-' + rule.name}, button('it is this one', {class: 'act', 'data-key': rule.do}, () => command(rule.do)), h('b', {}, rule.name), h('small', {}, rule.about)))));
  }
  show($('rules'), !view.spoils && setup, h('p', {class: 'lead'}, view.rulesText, h('small', {}, 'Turn one on or off: the same timeline runs under it, as a branch.')),
    !view.spoils && h('p', {class: 'acts'}, button('Which single rule would have kept it?', {class: 'primary', 'data-key': 'which'}, () => command('which'))),
    which && h('div', {class: 'found', role: 'status'}, helps.length === 0 ? 'No single rule would have.' : `${helps.length} of ${which.length} would have: `,
      h('ul', {}, helps.map(rule => h('li', {}, h('b', {}, rule.rule), ': ', sentence(rule.text))))),
    h('ul', {class: 'rules'}, view.rules.map(rule => h('li', {id: 'rule-' + rule.name, class: rule.on === rule.edition ? '' : 'changed'},
      h('label', {}, h('input', {type: 'checkbox', role: 'switch', checked: rule.on, 'data-key': 'rule' + rule.name, onchange: ({target}) => { target.checked = rule.on; command(rule.do); }}),
        h('span', {}, h('b', {}, rule.name), which?.some(other => other.rule === rule.name && other.helps) && h('em', {}, ' keeps it'), h('small', {}, rule.about), rule.note && h('small', {class: 'noted'}, rule.note)))))));
}

const verdictOf = branch => branch.violated.length ? '✗ ' + branch.violated.join(', ') : branch.hidden ? 'what comes of it is hidden' : '✓ nothing is violated';

// branches are a tree: what was decided by hand opens a new future, and the old one stays.
export function branches(view) {
  const verdict = branch => mark(branch.violated.length === 0, branch.violated.length > 0, verdictOf(branch));
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
  const head = branch => h('th', {scope: 'col'}, `branch ${branch.number}: ${branch.acts.at(-1) ?? branch.name}`, h('small', {class: branch.violated.length ? 'bad' : 'good'}, verdictOf(branch)));
  const side = line => h('td', {}, line && h('ol', {}, row(view, line, true)));
  show($('compare'), h('p', {class: 'note'}, view.compare.differs ? `They part at event ${view.compare.differs}.` : 'They are the same.', ' ',
    button('Close', {class: 'act'}, () => ask({compare: undefined}))),
  h('table', {}, h('thead', {}, h('tr', {}, head(here), head(other))),
    h('tbody', {}, view.compare.rows.map(pair => h('tr', {class: pair.same ? 'same' : ''}, side(pair.left), side(pair.right))))));
}

