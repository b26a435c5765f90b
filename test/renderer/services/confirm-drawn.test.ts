import { expect, test, vi } from 'vitest';

import { confirmDrawn } from '../../../src-renderer/services/confirm-drawn';
import { snapshotOf } from '../../fixtures/examples';
import { createFakeWindowApi } from '../../fixtures/fake-window-api';

function setUp() {
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  const fake = createFakeWindowApi(snapshotOf());
  const tasks: (() => void)[] = [];
  const confirmation = confirmDrawn(root, fake.api, (task) => tasks.push(task));
  const tell = () => {
    fake.send(snapshotOf());
    for (const task of tasks.splice(0)) task();
  };
  return { root, fake, confirmation, tell };
}

test('each snapshot is answered, with whether the window shows anything (R-15)', () => {
  const { root, fake, tell } = setUp();
  root.textContent = 'Recording';
  tell();
  root.replaceChildren();
  tell();
  expect(fake.callsOf('confirmDrawn')).toEqual([{ drawn: true }, { drawn: false }]);
});

test('a page whose body was emptied is not drawn, whatever its root holds (R-15)', () => {
  const { root, fake, tell } = setUp();
  root.textContent = 'Recording';
  tell();
  document.body.replaceChildren();
  tell();
  expect(fake.callsOf('confirmDrawn').at(-1)).toEqual({ drawn: false });
});

test('a page that has drawn nothing yet says nothing', () => {
  const { fake, tell } = setUp();
  tell();
  expect(fake.callsOf('confirmDrawn')).toEqual([]);
});

test('it answers what was drawn after the snapshot, and nothing once it has ended', () => {
  const { root, fake, confirmation } = setUp();
  const later = vi.fn();
  const again = confirmDrawn(root, fake.api, later);
  confirmation.dispose();
  fake.send(snapshotOf());
  expect(later).toHaveBeenCalledTimes(1);
  expect(fake.callsOf('confirmDrawn')).toEqual([]);
  again.dispose();
  expect(fake.listeners()).toBe(0);
});
