import { fireEvent, screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';

import { fail, succeed, type ErrorCode, type ErrorDetail } from '../../../src-main/shared/errors';
import { defaultSettings } from '../../../src-main/shared/settings';
import type { Snapshot } from '../../../src-main/shared/snapshot';
import { recorderView, snapshotOf } from '../../support/examples';
import { renderWindow, settle, useTestWindows } from '../support/render-window';

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
  { code: 'line-not-monitorable', beside: 'Recording mode', words: /cannot be monitored/ },
  { code: 'invalid-argument', detail: { field: 'username' }, beside: 'Username', words: /\(username\)/ },
])('$code stands beside $beside', async ({ code, detail, beside, words }) => {
  await renderWindow(signedOut(), { signIn: () => fail(code, 'sign-in', detail) });
  fill();
  await submit();
  const alert = form().getByRole('alert');
  expect(alert.textContent).toMatch(words);
  const field = form().getByLabelText(beside);
  expect(field.closest('.field')?.contains(alert)).toBe(true);
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
