import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { errorCodes, fail, succeed, type ErrorCode, type ErrorDetail } from '@shared/domain/errors';
import { withOwnLine } from '@shared/domain/user-line';
import { defaultSettings } from '@shared/ipc/settings';
import type { Snapshot } from '@shared/ipc/snapshot';
import { blamedPart } from '../../../../src-renderer/features/sign-in/blame';
import { recorderView, snapshotOf } from '../../../fixtures/examples';
import { renderWindow, settle, useTestWindows } from '../../../fixtures/render-window';

useTestWindows();

function signedOut(changes: Partial<Snapshot> = {}): Snapshot {
  return snapshotOf({
    session: { status: 'signed-out', serverAddress: null, username: null, error: null },
    recorder: recorderView({ status: 'signed-out' }),
    ...changes,
  });
}

const form = () => within(screen.getByRole('form', { name: 'Sign in' }));
const type = (label: string, value: string) => {
  fireEvent.change(form().getByLabelText(label), { target: { value } });
};
const fill = () => {
  type('Server address', ' https://recorder.example.com ');
  type('Username', 'anna');
  type('Password', ' geheim ');
};
const submit = async () => {
  fireEvent.click(form().getByRole('button', { name: 'Sign in' }));
  await settle();
};

test('sends what was entered, the password untouched', async () => {
  const { fake } = await renderWindow(signedOut());
  fill();
  fireEvent.click(form().getByRole('checkbox', { name: 'Remember me on this computer' }));
  const line = within(form().getByRole('group', { name: 'Your line' }));
  fireEvent.change(line.getByRole('textbox', { name: 'Directory number' }), { target: { value: ' 101 ' } });
  fireEvent.change(line.getByRole('combobox', { name: 'Recording mode' }), { target: { value: 'dial-in' } });
  await submit();
  expect(fake.callsOf('signIn')).toEqual([
    {
      serverAddress: 'https://recorder.example.com',
      username: 'anna',
      password: ' geheim ',
      remember: true,
      line: { directoryNumber: '101', deviceName: null, mode: 'dial-in' },
    },
  ]);
});

test.each([
  { label: 'Server address', words: 'Enter the address of your recording server.' },
  { label: 'Username', words: 'Enter your username.' },
  { label: 'Password', words: 'Enter your password.' },
])('an empty $label is told beside it, and nothing is sent', async ({ label, words }) => {
  const { fake } = await renderWindow(signedOut());
  fill();
  type(label, '');
  await submit();
  const field = form().getByLabelText(label);
  expect(form().getByRole('alert').textContent).toBe(words);
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toBe(words);
  expect(fake.callsOf('signIn')).toEqual([]);
});

test.each<{ code: ErrorCode; detail?: ErrorDetail; beside: string; words: RegExp }>([
  { code: 'invalid-address', beside: 'Server address', words: /not the address of a server/ },
  {
    code: 'host-not-found',
    detail: { host: 'recorder' },
    beside: 'Server address',
    words: /no server named recorder/,
  },
  { code: 'connection-refused', beside: 'Server address', words: /no recording server is running/ },
  { code: 'tls-untrusted', beside: 'Server address', words: /certificate/ },
  { code: 'not-this-server', beside: 'Server address', words: /not a call recording server/ },
  {
    code: 'unauthorized',
    detail: { status: 401 },
    beside: 'Password',
    words: /AllowBasicAuthForSsoUsersViaWebApi/,
  },
  { code: 'invalid-username', beside: 'Username', words: /cannot contain a colon/ },
  { code: 'line-not-monitorable', beside: 'Recording mode', words: /cannot be monitored/ },
  { code: 'invalid-argument', detail: { field: 'username' }, beside: 'Username', words: /\(username\)/ },
])('$code stands beside $beside (F4, C31)', async ({ code, detail, beside, words }) => {
  await renderWindow(signedOut(), { signIn: () => fail(code, 'sign-in', detail) });
  fill();
  await submit();
  const alert = form().getByRole('alert');
  expect(alert.textContent).toMatch(words);
  const field = form().getByLabelText(beside);
  expect(field.closest('.field')?.contains(alert)).toBe(true);
});

test.each(errorCodes)('%s has one place in the form, whatever field the failure names (F4)', (code) => {
  const place = blamedPart({ code, operation: 'sign-in', detail: {} });
  for (const field of ['serverAddress', 'username', 'password', 'line', '0.id']) {
    const named = blamedPart({ code, operation: 'sign-in', detail: { field } });
    if (code !== 'invalid-argument') expect(named).toBe(place);
  }
});

test('what concerns no field stands in the form', async () => {
  await renderWindow(signedOut(), { signIn: () => fail('level-too-low', 'sign-in', { status: 403 }) });
  fill();
  await submit();
  expect(form().getByRole('alert').textContent).toMatch(/level 10/);
});

test('a failure of restoring is shown until the next try', async () => {
  await renderWindow(
    signedOut({
      session: {
        status: 'signed-out',
        serverAddress: 'https://recorder.example.com',
        username: 'anna',
        error: { code: 'keychain-unreadable', operation: 'sign-in', detail: {} },
      },
    }),
    { signIn: () => succeed(null) },
  );
  expect(form().getByRole('alert').textContent).toMatch(/could not be read.*enter your password again/);
  expect((form().getByLabelText('Username') as HTMLInputElement).value).toBe('anna');
  type('Password', 'x');
  await submit();
  expect(form().queryByRole('alert')).toBeNull();
});

test('whoever has signed out is told that the keychain has kept the password', async () => {
  await renderWindow(signedOut({ warnings: [{ id: 'w', kind: 'keychain-not-cleared', fileName: null }] }));
  const notices = within(screen.getByRole('region', { name: 'Notices' }));
  expect(notices.getByText(/could not be removed from the keychain/)).toBeTruthy();
});

test('when the password was refused, the form and the reason are there, and the light is not certain', async () => {
  const { fake } = await renderWindow(
    snapshotOf({
      session: {
        status: 'locked',
        serverAddress: 'https://recorder.example.com',
        username: 'anna',
        remembered: true,
        suggestedDirectoryNumber: null,
        error: { code: 'locked', operation: 'sign-in', detail: { status: 401 } },
      },
      recorder: recorderView({ status: 'locked', asOfMono: null }),
    }),
  );
  expect(within(screen.getByRole('region', { name: 'Recorder' })).getByRole('status').textContent).toBe(
    'State unknown',
  );
  expect(form().getByRole('alert').textContent).toMatch(/SSO/);
  expect(screen.queryByRole('region', { name: 'Recordings' })).toBeNull();
  expect(fake.callsOf('listRecordings')).toEqual([]);
});

test('without a keychain nothing can be remembered, in words', async () => {
  const { fake } = await renderWindow(
    signedOut({ environment: { ...snapshotOf().environment, hasKeychain: false } }),
  );
  const box = form().getByRole('checkbox', { name: 'Remember me on this computer' }) as HTMLInputElement;
  expect(box.disabled).toBe(true);
  expect(form().getByText(/no working keychain/)).toBeTruthy();
  fill();
  await submit();
  expect(fake.callsOf('signIn')[0]?.remember).toBe(false);
});

test('an address that the administrator has set cannot be changed', async () => {
  const settings = defaultSettings();
  const { fake } = await renderWindow(
    signedOut({
      managedSettings: ['account.serverAddress'],
      settings: { ...settings, account: { ...settings.account, serverAddress: 'https://fixed.example.com' } },
    }),
  );
  expect((form().getByLabelText('Server address') as HTMLInputElement).readOnly).toBe(true);
  fill();
  await submit();
  expect(fake.callsOf('signIn')[0]?.serverAddress).toBe('https://fixed.example.com');
});

test('after signing in nothing of the password is left in the document', async () => {
  const { send } = await renderWindow(signedOut());
  fill();
  await submit();
  await send(snapshotOf({ revision: 2 }));
  expect(screen.queryByRole('form', { name: 'Sign in' })).toBeNull();
  const values = [...document.querySelectorAll('input')].map(({ value }) => value);
  expect(document.body.innerHTML + values.join()).not.toContain('geheim');
});

const lineFields = () => ({
  directoryNumber: (form().getByLabelText('Directory number') as HTMLInputElement).value,
  deviceName: (form().getByLabelText('Device name') as HTMLInputElement).value,
  mode: (form().getByLabelText('Recording mode') as HTMLSelectElement).value,
});
const noLine = { directoryNumber: '', deviceName: '', mode: 'media-forking' };

/** mrossi has signed out; bea was here before him. */
async function afterMrossi() {
  const server = 'https://recorder.example.com';
  const defaults = defaultSettings();
  const settings = {
    ...defaults,
    account: { serverAddress: server, username: 'mrossi', remember: false },
    line: { directoryNumber: '4021', deviceName: 'SEP4021', mode: 'dial-in' as const },
    lines: withOwnLine({
      account: { serverAddress: server, username: 'bea', remember: false },
      line: { directoryNumber: '205', deviceName: null, mode: 'media-forking' },
      lines: [],
    }),
  };
  const session = { status: 'signed-out' as const, serverAddress: server, username: 'mrossi', error: null };
  return renderWindow(signedOut({ session, settings }));
}

test('another user who types only name and password gets no line of the user before (E43)', async () => {
  const { fake } = await afterMrossi();
  expect(lineFields()).toEqual({ directoryNumber: '4021', deviceName: 'SEP4021', mode: 'dial-in' });
  type('Username', 'boss');
  expect(lineFields()).toEqual(noLine);
  type('Password', 'geheim');
  await submit();
  expect(fake.callsOf('signIn')).toMatchObject([
    { username: 'boss', line: { directoryNumber: null, deviceName: null, mode: 'media-forking' } },
  ]);
});

test('the line comes back with the name, and each known user has their own (E43)', async () => {
  await afterMrossi();
  const steps: readonly (readonly [string, string])[] = [
    ['', ''],
    ['b', ''],
    ['bea', '205'],
    [' Bea ', '205'],
    ['bean', ''],
    ['mrossi', '4021'],
    ['MRossi', '4021'],
  ];
  for (const [username, directoryNumber] of steps) {
    type('Username', username);
    expect(lineFields().directoryNumber, username).toBe(directoryNumber);
  }
  type('Server address', 'https://other.example.com');
  expect(lineFields().directoryNumber).toBe('4021');
  type('Username', 'bea');
  expect(lineFields()).toEqual(noLine);
});

test('a line that was typed is its user’s: not the next one’s, and not lost by a typing error (E43)', async () => {
  await afterMrossi();
  type('Directory number', '4022');
  type('Username', 'bos');
  expect(lineFields()).toEqual(noLine);
  type('Directory number', '900');
  type('Username', 'boss');
  expect(lineFields()).toEqual({ ...noLine, directoryNumber: '900' });
  type('Username', 'mrossi');
  expect(lineFields().directoryNumber).toBe('4021');
});

test('a line may be typed before the name, and an emptied one stays empty (E43)', async () => {
  await renderWindow(signedOut());
  type('Directory number', '101');
  fill();
  expect(lineFields()).toEqual({ ...noLine, directoryNumber: '101' });
  cleanup();
  await afterMrossi();
  type('Directory number', '');
  expect(lineFields()).toEqual({ directoryNumber: '', deviceName: 'SEP4021', mode: 'dial-in' });
});

test('a start that waits for the keychain says so, and offers the form instead (D6)', async () => {
  const restoring = (waitingForKeychain: boolean, revision: number): Snapshot =>
    signedOut({ revision, session: { status: 'restoring', waitingForKeychain } });
  const { fake, send } = await renderWindow(restoring(false, 1));
  const instead = { name: 'Sign in with the password instead' };
  expect(screen.queryByText(/keychain/)).toBeNull();
  expect(screen.queryByRole('button', instead)).toBeNull();
  await send(restoring(true, 2));
  const words = screen.getByText('Waiting for your computer’s keychain; it may be asking you to unlock it.');
  expect(words.closest('[role=status]')).not.toBeNull();
  fireEvent.click(screen.getByRole('button', instead));
  expect(fake.callsOf('skipKeychain')).toEqual([{}]);
  await send(signedOut({ revision: 3 }));
  expect(screen.queryByText(/keychain/)).toBeNull();
  expect(form().getByLabelText('Password')).toBeTruthy();
});

test('what was missing is complained of until it is there, and the keyboard goes there (R-26)', async () => {
  await renderWindow(signedOut());
  await submit();
  const [server, username] = [screen.getByLabelText('Server address'), screen.getByLabelText('Username')];
  expect(document.activeElement).toBe(server);
  expect(username.getAttribute('aria-invalid')).toBe('true');
  fireEvent.change(username, { target: { value: 'a' } });
  expect(username.getAttribute('aria-invalid')).toBeNull();
  expect(screen.queryByText('Enter your username.')).toBeNull();
  // What is emptied again was not asked for yet.
  fireEvent.change(username, { target: { value: '' } });
  expect(username.getAttribute('aria-invalid')).toBeNull();
  expect(screen.getByText('Enter your password.')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: ' ' } });
  expect(screen.queryByText('Enter your password.')).toBeNull();
  expect(server.getAttribute('aria-invalid')).toBe('true');
  fireEvent.change(server, { target: { value: 'recorder' } });
  await submit();
  expect(document.activeElement).toBe(username);
});
