import { describe, expect, it } from 'vitest';

import type {
  ActiveRecordingView,
  RecorderControls,
  RecorderStatus,
  SessionView,
  Snapshot,
} from '@shared/ipc/snapshot';
import type { TrayMenuItem } from '../../../../src-main/core/desktop/tray-model';
import { elapsedAt, trayModel } from '../../../../src-main/core/desktop/tray-model';
import { activeView, guid, recorderView, snapshotOf, summary } from '../../../fixtures/examples';

const everything: RecorderControls = {
  record: true,
  stop: true,
  pause: true,
  resume: true,
  recordNextCall: true,
  cancelWaiting: true,
  markMoment: true,
  tryNow: true,
};
const nothing = Object.fromEntries(
  Object.keys(everything).map((name) => [name, false]),
) as unknown as RecorderControls;

const signedOut: SessionView = { status: 'signed-out', serverAddress: null, username: null, error: null };

interface Circumstances {
  readonly status?: RecorderStatus;
  readonly recordings?: readonly ActiveRecordingView[];
  readonly controls?: Partial<RecorderControls>;
  readonly snapshot?: Partial<Snapshot>;
}

const model = ({ status = 'not-recording', recordings = [], controls = {}, snapshot = {} }: Circumstances) =>
  trayModel(
    snapshotOf({
      recorder: recorderView({ status, recordings, controls: { ...nothing, ...controls } }),
      ...snapshot,
    }),
  );

/** The menu as one reads it: `Record`, `(Stop)` where it is disabled, `—` for a separator. */
function lines(items: readonly TrayMenuItem[]): readonly string[] {
  return items.map((item) => {
    switch (item.kind) {
      case 'separator':
        return '—';
      case 'submenu':
        return `${item.label} ▸`;
      case 'command':
        return item.enabled ? item.label : `(${item.label})`;
    }
  });
}

const submenu = (items: readonly TrayMenuItem[]) => {
  const found = items.find((item) => item.kind === 'submenu');
  if (found?.kind !== 'submenu') throw new Error('no submenu');
  return found.items;
};

describe('the tooltip', () => {
  it.each([
    ['signed-out', 'RecLight – Signed out'],
    ['connecting', 'RecLight – State unknown'],
    ['not-recording', 'RecLight – Not recording'],
    ['starting', 'RecLight – Starting…'],
    ['recording', 'RecLight – Recording'],
    ['paused', 'RecLight – Paused'],
    ['stopping', 'RecLight – Stopping…'],
    ['waiting', 'RecLight – Waiting for a call…'],
    ['unknown', 'RecLight – State unknown'],
    ['not-visible', 'RecLight – Not visible to you'],
    ['locked', 'RecLight – Password refused'],
  ] as const)('for %s is %j, and so is the icon', (status, tooltip) => {
    expect(model({ status })).toMatchObject({ icon: status, tooltip });
  });

  it.each([
    ['a running time', 'recording', [activeView()], 'RecLight – Recording 00:42'],
    ['an hour', 'recording', [activeView({ elapsedMs: 3_723_000 })], 'RecLight – Recording 1:02:03'],
    [
      'a time that has run on since its anchor',
      'recording',
      [activeView({ elapsedMs: 40_000, anchorMono: -1_500 })],
      'RecLight – Recording 00:42',
    ],
    [
      'several',
      'recording',
      [activeView(), activeView({ id: guid(2) }), activeView({ id: guid(3) })],
      'RecLight – Recording 00:42 and 2 more',
    ],
    [
      'the state of the line, and that the meant one is paused beside one that runs (C7)',
      'recording',
      [
        activeView({ isPaused: true, ticking: false, elapsedMs: 7_000 }),
        activeView({ id: guid(2), elapsedMs: 42_000 }),
      ],
      'RecLight – Recording (this one paused 00:07) and 1 more',
    ],
    [
      'a colleague’s recording on a shared line as theirs (C12)',
      'recording',
      [activeView({ own: false, localUsername: 'carlo', startedHere: false })],
      'RecLight – A colleague is recorded on your line',
    ],
    ['a pause', 'paused', [activeView({ isPaused: true, ticking: false })], 'RecLight – Paused 00:42'],
    [
      'no time where nothing is certain',
      'unknown',
      [activeView({ ticking: false })],
      'RecLight – State unknown',
    ],
    ['no time while stopping', 'stopping', [activeView()], 'RecLight – Stopping…'],
  ] as const)('tells %s', (_what, status, recordings, tooltip) => {
    expect(model({ status, recordings }).tooltip).toBe(tooltip);
  });

  it('never says "not recording" of any other state', () => {
    const statuses = [
      'connecting',
      'starting',
      'recording',
      'paused',
      'stopping',
      'unknown',
      'not-visible',
    ] as const;
    for (const status of [...statuses, 'locked', 'signed-out', 'waiting'] as const) {
      expect(model({ status }).tooltip).not.toMatch(/not recording/iu);
    }
  });
});

describe('the next change', () => {
  it.each([
    ['stands still without a recording', [], null],
    ['stands still while paused', [activeView({ ticking: false })], null],
    ['comes with the next full second', [activeView({ elapsedMs: 42_300 })], 700],
    ['comes a second after a full one', [activeView({ elapsedMs: 42_000 })], 1_000],
    ['does not come at once by a fraction', [activeView({ elapsedMs: 42_999.7 })], 1],
  ] as const)('%s', (_what, recordings, nextChangeMs) => {
    expect(model({ status: 'recording', recordings }).nextChangeMs).toBe(nextChangeMs);
  });
});

describe('elapsedAt', () => {
  it.each([
    [{ elapsedMs: 5_000, anchorMono: 100, ticking: true }, 1_100, 6_000],
    [{ elapsedMs: 5_000, anchorMono: 100, ticking: false }, 1_100, 5_000],
    // A moment before the anchor is no reason to run backwards.
    [{ elapsedMs: 5_000, anchorMono: 2_000, ticking: true }, 1_000, 5_000],
  ])('of %j at %d is %d', (recording, nowMono, expected) => {
    expect(elapsedAt(activeView(recording), nowMono)).toBe(expected);
  });
});

describe('the menu', () => {
  const rest = ['—', 'Recent recordings ▸', '—', 'Open RecLight', 'Settings…', 'Quit RecLight'];

  it.each<readonly [string, Circumstances, readonly string[]]>([
    [
      'without a call',
      { controls: { record: true, recordNextCall: true } },
      ['Record', '(Stop)', 'Record next call'],
    ],
    [
      'while recording, on a server that cannot pause',
      { status: 'recording', recordings: [activeView()], controls: { stop: true } },
      ['(Record)', 'Stop', '(Record next call)'],
    ],
    [
      'while recording',
      { status: 'recording', recordings: [activeView()], controls: { stop: true, pause: true } },
      ['(Record)', 'Stop', 'Pause', '(Record next call)'],
    ],
    [
      'while paused',
      { status: 'paused', recordings: [activeView()], controls: { stop: true, resume: true } },
      ['(Record)', 'Stop', 'Resume', '(Record next call)'],
    ],
    [
      'while waiting',
      { status: 'waiting', controls: { cancelWaiting: true } },
      ['(Record)', '(Stop)', 'Cancel'],
    ],
    ['where nothing can be done', { status: 'unknown' }, ['(Record)', '(Stop)', '(Record next call)']],
  ])('%s', (_what, circumstances, expected) => {
    expect(lines(model(circumstances).menu)).toEqual([...expected, ...rest]);
  });

  it('offers no settings to those who are signed out, but a way in and a way out', () => {
    const shown = model({ status: 'signed-out', snapshot: { session: signedOut } });
    expect(lines(shown.menu)).toEqual([
      '(Record)',
      '(Stop)',
      '(Record next call)',
      '—',
      'Recent recordings ▸',
      '—',
      'Open RecLight',
      '(Settings…)',
      'Quit RecLight',
    ]);
  });

  it('gives each item its command', () => {
    const kindOf = (label: string, circumstances: Circumstances) => {
      const item = model(circumstances).menu.find(
        (entry) => entry.kind !== 'separator' && entry.label === label,
      );
      return item?.kind === 'command' ? item.command.kind : null;
    };
    const running = { status: 'recording', recordings: [activeView()] } as const;
    expect(kindOf('Record', {})).toBe('record');
    expect(kindOf('Stop', {})).toBe('stop');
    expect(kindOf('Pause', { ...running, controls: { pause: true } })).toBe('pause');
    expect(kindOf('Resume', { ...running, controls: { resume: true } })).toBe('resume');
    expect(kindOf('Record next call', {})).toBe('record-next-call');
    expect(kindOf('Cancel', { status: 'waiting' })).toBe('cancel-waiting');
    expect(kindOf('Open RecLight', {})).toBe('open');
    expect(kindOf('Settings…', {})).toBe('settings');
    expect(kindOf('Quit RecLight', {})).toBe('quit');
  });

  it('can always be left and opened', () => {
    for (const controls of [everything, nothing]) {
      for (const status of ['locked', 'unknown', 'connecting', 'recording'] as const) {
        expect(lines(model({ status, controls }).menu)).toEqual(
          expect.arrayContaining(['Open RecLight', 'Quit RecLight']),
        );
      }
    }
  });
});

describe('recent recordings', () => {
  const withRecent = (...recent: readonly ReturnType<typeof summary>[]) => ({
    snapshot: { recordings: { revision: 1, recent } },
  });

  it('are named by number, time and length, and play', () => {
    const recordings = [summary(), summary({ id: guid(2), remotePartyNumber: null, durationMs: 3_723_000 })];
    const items = submenu(model(withRecent(...recordings)).menu);
    const when = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short' });
    const time = when.format(recordings[0]!.startTime);
    expect(items).toEqual([
      {
        kind: 'command',
        label: `+39 02 1234, ${time}, 00:42`,
        enabled: true,
        command: { kind: 'play', recording: recordings[0] },
      },
      {
        kind: 'command',
        label: `Unknown number, ${time}, 1:02:03`,
        enabled: true,
        command: { kind: 'play', recording: recordings[1] },
      },
    ]);
  });

  it('follow the user’s locale', () => {
    const label = (locale: string) => {
      const { environment } = snapshotOf();
      const snapshot = {
        recordings: { revision: 1, recent: [summary({ startTime: new Date(2026, 2, 2, 14).getTime() })] },
        environment: { ...environment, locale },
      };
      return lines(submenu(model({ snapshot }).menu))[0];
    };
    expect(label('de-DE')).toMatch(/, 02\.03\.26, /u);
    expect(label('en-US')).toMatch(/, 3\/2\/26, /u);
  });

  it('say so where there are none', () => {
    expect(lines(submenu(model({}).menu))).toEqual(['(None)']);
  });

  it.each([
    ['signed out', signedOut],
    ['locked', { ...snapshotOf().session, status: 'locked' } as SessionView],
  ])('are not shown to those who are %s', (_what, session) => {
    const shown = model({ snapshot: { session, recordings: { revision: 1, recent: [summary()] } } });
    expect(lines(submenu(shown.menu))).toEqual(['(None)']);
  });
});
