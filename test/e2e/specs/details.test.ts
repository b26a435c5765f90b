import { createHash } from 'node:crypto';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { basic } from '../../tools/simulator/testing/caller';
import { violations } from '../harness/axe';
import { signIn, status } from '../harness/reclight';
import type { Harness } from '../harness/harness';
import { startHarness } from '../harness/harness';
import { watchProgress } from '../harness/media';

const remote = '+390299003311';

let harness: Harness;
let id: string;

beforeEach(async () => {
  harness = await startHarness({
    simulator: { recordings: 5, generation: 2025, pathPrefix: '/voice' },
    // It is there before the list is first asked for: no second list comes in later.
    signedIn: false,
  });
  const { simulator } = harness;
  simulator.accounts.update('anna.rossi', { group: 'Bookings' });
  simulator.accounts.update('ben.carter', { group: 'Quality', department: '' });
  ({ id } = simulator.recordings.add({
    startMs: simulator.clock.now() - 1_000,
    durationMs: 91_000,
    direction: 2,
    remotePartyNumber: remote,
    referenceNumber: 'REF-3311',
    pbxCallId: '77-4421',
    note: { ownerUsername: 'ben.carter', text: 'Ref. invoice 1234' },
    preservedBy: 'chiara.greco',
  }));
  await signIn(harness.reclight.window, harness.anna);
  await row().waitFor();
});

afterEach(async () => {
  await harness.close();
});

const page = () => harness.reclight.window;
const row = () =>
  page()
    .getByRole('grid', { name: 'Recordings' })
    .getByRole('row', { name: new RegExp(`\\${remote}`) });
const dialog = () => page().getByRole('dialog', { name: 'Recording details' });
const requests = () =>
  harness.simulator.requests.filter('detail').filter(({ path }) => path.toLowerCase().includes(id)).length;

/** By keyboard alone: the row, its menu, the second entry. */
async function open(): Promise<void> {
  const { keyboard } = page();
  await row().focus();
  await keyboard.press('ContextMenu');
  await page().getByRole('menuitem', { name: 'Play' }).waitFor();
  await expect.poll(focused).toBe('Play');
  await keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('Details');
  await keyboard.press('Enter');
  await dialog().waitFor();
}

/** The name of what has the focus. */
const focused = () =>
  page().evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

/** Fact by fact, as it is read. */
const facts = () =>
  dialog().evaluate((element) =>
    Object.fromEntries(
      [...element.querySelectorAll('.fact')].map((fact) => [
        fact.querySelector('dt')?.textContent ?? '',
        [...(fact.querySelector('.fact-value')?.childNodes ?? [])]
          .map(({ textContent }) => textContent)
          .join(' | '),
      ]),
    ),
  );

async function close(): Promise<void> {
  await page().keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
}

test('everything the server tells, by keyboard alone, asked for once', async () => {
  const { simulator } = harness;
  const before = requests();
  await open();
  await expect.poll(async () => (await facts())['Recording id']).toBe(id);
  const sound = await fetch(`${simulator.apiUrl}/Recordings/${id}/Media`, {
    headers: { authorization: basic('anna.rossi', harness.anna.password) },
  });
  const bytes = Buffer.from(await sound.arrayBuffer());
  const { Start: start, ...rest } = await facts();
  const began = simulator.recordings.all().find((recording) => recording.id.toLowerCase() === id);
  const year = new Date(began?.startMs ?? NaN).getFullYear();
  expect(start).toMatch(new RegExp(`\\b${year}\\b.*\\d:\\d\\d:\\d\\d`));
  expect(rest).toEqual({
    'Remote number': remote,
    'Local number': '101',
    Direction: 'Outgoing',
    Length: '1:31',
    'Reference number': 'REF-3311',
    Owner: 'Anna Rossi (anna.rossi) | Phone 101 · Group Bookings · Department Sales',
    Note: 'Ref. invoice 1234',
    'Note by': 'Ben Carter (ben.carter) | Phone 102 · Group Quality',
    'Preserved by': 'Chiara Greco (chiara.greco) | Phone 103 · Group Office · Department Sales',
    Size: `${Math.round(bytes.length / 1_000)} kB`,
    'PBX call id': '77-4421',
    'Recording id': id,
    'SHA-256': createHash('sha256').update(bytes).digest('hex').toUpperCase(),
  });
  expect(await dialog().textContent()).toMatch(/each download in its audit trail.*first play or save/);
  expect(await dialog().textContent()).toMatch(/changed on the recording server’s own page/);
  expect(await violations(harness.reclight.app)).toEqual([]);

  const stops: string[] = [];
  const copied: Record<string, string> = {};
  const { keyboard } = page();
  await keyboard.press('Tab');
  while (!stops.includes(await focused())) {
    const name = await focused();
    stops.push(name);
    if (name.startsWith('Copy ')) {
      await keyboard.press('Enter');
      copied[name] = await harness.reclight.app.evaluate(({ clipboard }) => clipboard.readText());
    }
    await keyboard.press('Tab');
  }
  expect([...stops].sort()).toEqual(
    [
      'Ask the server again',
      'Close',
      'Copy PBX call id',
      'Copy Recording id',
      'Copy Reference number',
      'Copy Remote number',
      'Copy SHA-256',
      'Open the server’s page',
    ].sort(),
  );
  expect(copied).toEqual({
    'Copy Remote number': remote,
    'Copy Reference number': 'REF-3311',
    'Copy PBX call id': '77-4421',
    'Copy Recording id': id,
    'Copy SHA-256': rest['SHA-256'],
  });

  await close();
  await expect.poll(focused).toContain(remote);
  await open();
  await expect.poll(async () => (await facts())['Note']).toBe('Ref. invoice 1234');
  expect(requests() - before).toBe(1);

  simulator.recordings.update(id, { note: null, preservedBy: null });
  await dialog().getByRole('button', { name: 'Ask the server again' }).press('Enter');
  await expect.poll(facts).toMatchObject({ Note: 'No note', 'Preserved by': 'Not preserved' });
  expect(requests() - before).toBe(2);
  expect(harness.simulator.audit.events).toHaveLength(1);
});

test('what retention has removed is said plainly, and asked for again when wished', async () => {
  const { simulator } = harness;
  const recording = simulator.recordings.get(id);
  simulator.recordings.remove(id);
  await open();
  const alert = dialog().getByRole('alert');
  await expect
    .poll(() => alert.textContent())
    .toMatch(/no longer on the server.*removed when its retention period ended/);
  expect(await facts()).toEqual({});
  expect(await violations(harness.reclight.app)).toEqual([]);
  await close();
  await open();
  await alert.waitFor();
  expect(requests()).toBe(2);
  simulator.recordings.add(recording);
  await alert.getByRole('button', { name: 'Try again' }).press('Enter');
  await expect.poll(async () => (await facts())['Remote number']).toBe(remote);
});

test('sound that was heard is verified, and one with another hash only could not be', async () => {
  const progress = await watchProgress(page());
  await row().dblclick();
  await expect.poll(() => progress(id)).toMatchObject({ status: 'complete' });
  await open();
  await expect.poll(async () => (await facts())['SHA-256']).toMatch(/^[0-9A-F]{64} \| Verified: /);
  harness.simulator.faults.add({
    match: { route: 'detail' },
    action: { kind: 'reshape', set: { 'hash.SHA256': 'AB'.repeat(32) } },
  });
  await dialog().getByRole('button', { name: 'Ask the server again' }).press('Enter');
  await expect.poll(async () => (await facts())['SHA-256']).toMatch(/^(AB){32} \| Could not be verified: /);
  expect(harness.simulator.audit.events).toHaveLength(1);
});

test('the page of the server opens in the browser, and nothing that a window says decides which', async () => {
  await harness.reclight.app.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(shell, {
      opened,
      openExternal: (address: string) => {
        opened.push(address);
        return opened.length < 3 ? Promise.resolve() : Promise.reject(new Error('no browser'));
      },
    });
  });
  const opened = () =>
    harness.reclight.app.evaluate(({ shell }) => (shell as unknown as { opened: string[] }).opened);
  await open();
  const button = dialog().getByRole('button', { name: 'Open the server’s page' });
  await button.press('Enter');
  await expect.poll(opened).toEqual([`${harness.simulator.url}/fw/`]);
  const answer = await page().evaluate(() =>
    self.reclight.openServerPage({ address: 'https://elsewhere.example' } as object),
  );
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-argument' } });
  await button.press('Enter');
  await expect.poll(async () => (await opened()).length).toBe(2);
  await button.press('Enter');
  await expect.poll(() => dialog().getByRole('alert').textContent()).toMatch(/browser could not be opened/);
  expect(new Set(await opened())).toEqual(new Set([`${harness.simulator.url}/fw/`]));
  expect(await violations(harness.reclight.app)).toEqual([]);
});

test('signing out closes them and forgets them', async () => {
  await open();
  await expect.poll(async () => (await facts())['Recording id']).toBe(id);
  const before = requests();
  await page().evaluate(() => self.reclight.signOut({}));
  await dialog().waitFor({ state: 'detached' });
  const answer = await page().evaluate((recording) => self.reclight.getRecording({ id: recording }), id);
  expect(answer).toMatchObject({ ok: false, error: { code: 'signed-out' } });
  expect(await page().evaluate(() => self.reclight.openServerPage({}))).toMatchObject({
    error: { code: 'signed-out' },
  });
  const form = page().getByRole('form', { name: 'Sign in' });
  await form.getByLabel('Password', { exact: true }).fill(harness.anna.password);
  await form.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => status(page()).textContent()).toBe('Not recording');
  await open();
  await expect.poll(async () => (await facts())['Recording id']).toBe(id);
  expect(requests() - before).toBe(1);
});
