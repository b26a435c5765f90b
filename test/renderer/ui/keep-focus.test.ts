import { afterEach, beforeEach, expect, test } from 'vitest';

import { keepFocus } from '../../../src-renderer/ui/keep-focus';

let end: () => void;

beforeEach(() => {
  document.body.innerHTML = `
    <button id="first">first</button>
    <section>
      <button id="before">before</button>
      <div id="group"><span><button id="held">held</button></span></div>
      <button id="behind">behind</button>
    </section>
    <button id="last">last</button>`;
  end = keepFocus(window);
});

afterEach(() => {
  end();
  document.body.innerHTML = '';
});

const element = (id: string) => document.getElementById(id)!;
const focused = () => document.activeElement?.id;
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
/** Until whatever could take the focus has taken it. */
const frames = async () => {
  for (let turn = 0; turn < 4; turn += 1) await frame();
};
/** A browser takes the focus from what is not drawn any more; the tests' document does not. */
const lose = () => {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
};

const ways: readonly (readonly [string, () => void])[] = [
  ['removed', () => element('held').remove()],
  ['removed with what it is in', () => element('group').remove()],
  [
    'removed before what it was in',
    () => {
      const group = element('group');
      element('held').remove();
      group.firstElementChild?.remove();
      group.remove();
    },
  ],
  [
    'removed after it is told to have lost the focus',
    () => {
      lose();
      element('held').remove();
    },
  ],
  [
    'hidden',
    () => {
      element('group').style.display = 'none';
      lose();
      window.dispatchEvent(new Event('resize'));
    },
  ],
  [
    'invisible',
    () => {
      element('group').style.visibility = 'hidden';
      lose();
    },
  ],
  [
    'disabled',
    () => {
      (element('held') as HTMLButtonElement).disabled = true;
      lose();
    },
  ],
  [
    'covered',
    () => {
      element('group').setAttribute('inert', '');
      lose();
    },
  ],
];

test.each(ways)('what has the focus is %s: the next one gets it (M2)', async (_way, go) => {
  element('held').focus();
  go();
  await frames();
  expect(focused()).toBe('behind');
});

test('what is hidden, disabled or covered inherits nothing (M2)', async () => {
  element('held').focus();
  element('behind').style.display = 'none';
  (element('before') as HTMLButtonElement).disabled = true;
  element('last').setAttribute('inert', '');
  element('group').remove();
  await frames();
  expect(focused()).toBe('first');
});

test('what goes piece by piece leaves the focus where it was (M2)', async () => {
  element('held').focus();
  const group = element('group');
  element('held').remove();
  await Promise.resolve();
  await Promise.resolve();
  element('behind').remove();
  group.remove();
  await frames();
  expect(focused()).toBe('before');
});

test('the row that Tab reaches inherits from a row of its list (M2)', async () => {
  document.body.innerHTML = `
    <section>
      <div role="grid">
        <div id="top" tabindex="-1"></div>
        <div id="row" tabindex="-1"></div>
        <div id="reached" tabindex="0"></div>
      </div>
      <button id="near">near</button>
    </section>`;
  element('row').focus();
  element('row').remove();
  await frames();
  expect(focused()).toBe('reached');
});

test('what takes the place of all gets the focus (M2)', async () => {
  element('held').focus();
  document.body.innerHTML = '<p><button id="only">only</button></p>';
  await frames();
  expect(focused()).toBe('only');
});

test('who leaves a control, or has gone on already, is left alone (M2)', async () => {
  element('held').focus();
  lose();
  await Promise.resolve();
  element('group').remove();
  await frames();
  expect(document.activeElement).toBe(document.body);
  element('before').focus();
  element('before').remove();
  element('first').focus();
  await frames();
  expect(focused()).toBe('first');
});
