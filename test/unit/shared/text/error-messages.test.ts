import { describe, expect, it } from 'vitest';

import type { ErrorCode, ErrorDetail, Operation } from '@shared/domain/errors';
import { errorCodes } from '@shared/domain/errors';
import { describeError, errorReference } from '@shared/text/error-messages';
import { fc } from '../../../fixtures/seed';

const words = (code: ErrorCode, detail: ErrorDetail = {}) =>
  describeError({ code, operation: 'start', detail });

const full: ErrorDetail = {
  status: 409,
  reason: 1,
  deviceName: 'SEP001122334455',
  username: 'anna',
  extension: '205',
  directoryNumber: '101',
  field: 'serverAddress',
  host: 'recorder.example.com',
  accelerator: 'CommandOrControl+Alt+R',
  message: 'the server’s own words',
};

const keys = [
  'deviceName',
  'username',
  'extension',
  'directoryNumber',
  'field',
  'host',
  'accelerator',
] as const;

/** Every way in which the names of a detail can be known, empty or missing. */
const details: readonly ErrorDetail[] = [
  {},
  full,
  Object.fromEntries(keys.map((key) => [key, ''])),
  ...keys.map((key) => ({ [key]: full[key] })),
  ...keys.map((key) => ({ ...full, [key]: '' })),
];

function expectTwoSentences({ what, next }: { what: string; next: string }): void {
  for (const sentence of [what, next]) {
    expect(sentence).toMatch(/^\S.*\S\.$/u);
    expect(sentence).not.toMatch(/[{}]|undefined|null|NaN|\[object/u);
    // What an absent name leaves behind.
    expect(sentence).not.toMatch(/ {2}|\( *\)| [,.;)]|, ,|\bnone\b/u);
  }
  expect(what).not.toBe(next);
}

describe('describeError', () => {
  it.each(errorCodes)('has two sentences for %s, whatever is known', (code) => {
    for (const detail of details) expectTwoSentences(words(code, detail));
  });

  it('gives each code sentences of its own', () => {
    const all = errorCodes.map((code) => words(code, full).what);
    expect(new Set(all).size).toBe(all.length);
  });

  it('blames nobody, shows no number and never claims that nothing is recorded', () => {
    for (const code of errorCodes) {
      const { what, next } = words(code);
      expect(`${what} ${next}`).not.toMatch(/not recording|\byour fault\b|\b[45]\d\d\b/iu);
    }
  });

  it.each([
    [
      'no-connected-call',
      { directoryNumber: '101' },
      'There is no connected call on line 101.',
      'Start the recording as soon as the call connects, or choose Record next call.',
    ],
    [
      'no-connected-call',
      {},
      'There is no connected call on your phone.',
      'Start the recording as soon as the call connects, or choose Record next call.',
    ],
    [
      'line-not-monitorable',
      { directoryNumber: '101' },
      'Line 101 does not exist or cannot be monitored by the server.',
      'Check your line under Settings, Line, or ask your administrator to make it monitorable through TAPI.',
    ],
    [
      'line-not-monitorable',
      { deviceName: 'SEP1' },
      'The phone SEP1 does not exist or cannot be monitored by the server.',
      'Check your line under Settings, Line, or ask your administrator to make it monitorable through TAPI.',
    ],
    [
      'call-user-not-allowed',
      { username: 'bea' },
      'The user of this call, bea, is not allowed to record.',
      'Ask your administrator to authorise that user.',
    ],
    [
      'host-not-found',
      { host: 'recorder.example.com' },
      'There is no server named recorder.example.com.',
      'Check the spelling of the address, and your VPN if you need one.',
    ],
    [
      'line-without-user',
      { extension: '205', directoryNumber: '101' },
      'Line 205 has no user on the server, so the call cannot be recorded.',
      'Ask your administrator to assign the line to a user.',
    ],
    [
      'malformed',
      { field: 'recordings.0.id' },
      'The recording server sent a response that RecLight cannot read (recordings.0.id).',
      'Tell your IT department; the server and RecLight may not be compatible.',
    ],
  ] as const)('%s with %j', (code, detail, what, next) => {
    expect(words(code, detail)).toEqual({ what, next });
  });

  const again: Readonly<Record<Operation, string>> = {
    start: ', then press Record again.',
    stop: ', then press Stop again.',
    pause: ', then press Pause again.',
    resume: ', then press Resume again.',
    active: '; RecLight tries again by itself.',
    list: ', then choose Try again.',
    details: ', then choose Try again.',
    download: ', then choose Try again.',
    upload: ', then send it again.',
    probe: ', then try again.',
    'sign-in': ', then choose Sign in again.',
    settings: ', then try again.',
    hotkey: ', then try again.',
    file: ', then try again.',
    ipc: ', then try again.',
  };
  const operations = Object.keys(again) as readonly Operation[];

  it.each(operations)('says how %s is done again after a failure that passes', (operation) => {
    const next = (code: ErrorCode) => describeError({ code, operation, detail: {} }).next;
    expect(next('connection-lost')).toBe(`Check your network${again[operation]}`);
    expect(next('timeout')).toBe(`Check your network${again[operation]}`);
    expect(next('offline')).toBe(`Connect it to the network${again[operation]}`);
    expect(next('rate-limited')).toBe(`Wait a moment${again[operation]}`);
    expect(next('network-restarted')).toBe(`Wait a moment${again[operation]}`);
  });

  it('promises to try again by itself only where RecLight asks what is recorded', () => {
    const promising = operations.filter((operation) =>
      errorCodes.some((code) => / by itself/u.test(describeError({ code, operation, detail: {} }).next)),
    );
    expect(promising).toEqual(['active']);
  });

  it('tells each cause of an unsafe connection by what cures it (G3)', () => {
    const cures: readonly (readonly [ErrorCode, RegExp])[] = [
      ['tls-untrusted', /issuer/],
      ['tls-self-signed', /issuer/],
      ['tls-expired', /clock.*renew/],
      ['tls-wrong-name', /address with the name/],
      ['tls-weak', /SHA-256/],
      ['tls-revoked', /replaced/],
      ['tls-faulty', /replace/],
      ['tls-too-old', /TLS 1\.2/],
      ['client-certificate-required', /optional/],
      ['https-expected', /begin with https/],
      ['http-expected', /begin with http\b/],
      ['proxy-login', /without a log-in/],
    ];
    for (const [code, cure] of cures) expect(words(code).next, code).toMatch(cure);
    expect(new Set(cures.map(([code]) => words(code).next)).size).toBe(cures.length);
  });

  it('names the SSO setting wherever a password was refused', () => {
    for (const code of ['unauthorized', 'locked'] as const) {
      expect(words(code).next).toContain('AllowBasicAuthForSsoUsersViaWebApi');
    }
  });

  it('takes names as they are, whatever is written in them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...errorCodes),
        fc.record(Object.fromEntries(keys.map((key) => [key, fc.string({ unit: 'grapheme' })])), {
          requiredKeys: [],
        }),
        (code, detail) => {
          const { what, next } = words(code, detail);
          expect(what).not.toBe('');
          expect(next).not.toBe('');
        },
      ),
    );
    for (const name of ['constructor', '__proto__', '<b>{x}</b>', "it's {", 'other']) {
      expect(words('no-connected-call', { directoryNumber: name }).what).toBe(
        `There is no connected call on line ${name}.`,
      );
    }
  });
});

describe('errorReference', () => {
  it.each([
    [{}, 'no-connected-call'],
    [{ status: 409 }, 'no-connected-call (409)'],
    [{ status: 409, reason: 1 }, 'no-connected-call (409/1)'],
    [{ status: 409, reason: 0 }, 'no-connected-call (409/0)'],
    [{ reason: 1 }, 'no-connected-call'],
    [{ message: 'ERR_CERT_DATE_INVALID' }, 'no-connected-call (ERR_CERT_DATE_INVALID)'],
    [{ message: 'words of a server' }, 'no-connected-call'],
    [{ status: 409, message: 'ERR_CERT_DATE_INVALID' }, 'no-connected-call (409)'],
  ])('for %j is %s', (detail, expected) => {
    expect(errorReference({ code: 'no-connected-call', operation: 'start', detail })).toBe(expected);
  });
});
