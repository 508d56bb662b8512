// Looking for a run that breaks: by many random runs, or by every order of events. What is found opens.

import {$, h, show} from './dom.js';
import {door} from './door.js';
import {app, open, say} from './app.js';

const form = $('seek');
let running = null;

export function offer(view) {
  const names = view.properties.map(property => property.name);
  const select = form.elements.property;
  if ([...select.options].slice(1).map(option => option.value).join() === names.join()) return;
  show(select, h('option', {value: ''}, 'any'), names.map(name => h('option', {value: name}, name)));
}

form.addEventListener('change', () => {
  for (const fields of form.querySelectorAll('[data-kind]')) fields.hidden = fields.dataset.kind !== form.elements.kind.value;
});

form.addEventListener('submit', async event => {
  event.preventDefault();
  if (running) return;
  const kind = form.elements.kind.value, options = {};
  for (const input of form.querySelectorAll(`[name=property], [data-kind=${kind}] [name]`)) if (input.value !== '') options[input.name] = input.value;
  const meter = $('meter'), started = app.query;
  for (const id of ['meter', 'cancel']) $(id).hidden = false;
  meter.removeAttribute('value');
  $('sought').textContent = 'Looking …';
  running = door.search(kind, {query: app.query, options}, report => {
    if (report.of) meter.value = report.done / report.of;
    $('sought').textContent = report.text;
  });
  try {
    const result = await running.promise;
    $('sought').textContent = result?.text ?? 'Cancelled.';
    if (result?.yaml) {
      if (await open({text: result.yaml, at: result.at, hide: started.hide})) say(`opened at the violation of ${result.violated}; back returns`);
    }
  } catch (error) {
    $('sought').textContent = error.message;
  }
  running = null;
  for (const id of ['meter', 'cancel']) $(id).hidden = true;
});

$('cancel').addEventListener('click', () => running?.cancel());
