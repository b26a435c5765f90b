import type { Line } from '@shared/domain/recording';
import { line as ownLine, agent } from '../../../fixtures/recorder';
import type { Observed } from './observed';
import type { Key } from './presses';
import { colleague, policies, supervisor } from './scene';

/** One thing that somebody does. */
export type Act = readonly [name: string, act: (observed: Observed) => void | Promise<void>];

const dialIn: Line = { directoryNumber: '101', deviceName: null, mode: 'dial-in' };
const otherLine: Line = { directoryNumber: '202', deviceName: null, mode: 'media-forking' };

/** Presses a key once. */
function press({ presses, fixture }: Observed, key: Key, id: string | null = null): void {
  const { recorder } = fixture;
  presses.press(key, id, () => {
    switch (key) {
      case 'record':
        return recorder.record();
      case 'stop':
        return recorder.stop(id ?? undefined);
      case 'pause':
        return recorder.pause(id ?? undefined);
      case 'resume':
        return recorder.resumeRecording(id ?? undefined);
      case 'next':
        return recorder.recordNextCall();
      case 'cancel':
        return recorder.cancelWaiting();
      case 'mark':
        return recorder.markMoment();
    }
  });
}

/** Presses a key several times. @param everyMs ms from one press to the next */
async function repeat(observed: Observed, key: Key, times: number, everyMs: number): Promise<void> {
  for (let nth = 0; nth < times; nth += 1) {
    press(observed, key);
    await observed.fixture.pass(everyMs);
  }
}

/** What hands do at the keys. */
export const keys: readonly Act[] = [
  ['record', (observed) => press(observed, 'record')],
  ['stop', (observed) => press(observed, 'stop')],
  ['pause', (observed) => press(observed, 'pause')],
  ['resume', (observed) => press(observed, 'resume')],
  ['record next', (observed) => press(observed, 'next')],
  ['cancel waiting', (observed) => press(observed, 'cancel')],
  ['mark', (observed) => press(observed, 'mark')],
];

/** The same in a hurry, by mistake, or in the middle of something. */
export const clumsiness: readonly Act[] = [
  ['record bounces', (observed) => repeat(observed, 'record', 2, 30)],
  ['stop bounces', (observed) => repeat(observed, 'stop', 2, 30)],
  ['pause bounces', (observed) => repeat(observed, 'pause', 2, 30)],
  ['stop is held', (observed) => repeat(observed, 'stop', 30, 33)],
  ['record is held', (observed) => repeat(observed, 'record', 30, 33)],
  ['pause is held', (observed) => repeat(observed, 'pause', 30, 33)],
  [
    'stop right after record',
    async (observed) => {
      press(observed, 'record');
      await observed.fixture.pass(observed.random() * 1_500);
      press(observed, 'stop');
    },
  ],
  [
    'resume right after pause',
    async (observed) => {
      press(observed, 'pause');
      await observed.fixture.pass(15);
      press(observed, 'resume');
    },
  ],
  [
    'next call and cancel',
    async (observed) => {
      press(observed, 'next');
      await observed.fixture.pass(observed.random() * 300);
      press(observed, 'cancel');
    },
  ],
  [
    'stop with the button of the last recording shown',
    (observed) => {
      const shown = observed.scene.view().recordings.at(-1);
      if (shown !== undefined) press(observed, 'stop', shown.id);
    },
  ],
  [
    'pause with the button of the last recording shown',
    (observed) => {
      const shown = observed.scene.view().recordings.at(-1);
      if (shown !== undefined) press(observed, 'pause', shown.id);
    },
  ],
  ['try now', ({ fixture }) => void fixture.recorder.tryNow()],
  ['window shown', ({ fixture }) => fixture.recorder.setWindowVisible(true)],
  ['window hidden', ({ fixture }) => fixture.recorder.setWindowVisible(false)],
  [
    'the list is looked at',
    ({ gate }) => {
      void gate?.listRecordings({}, { page: 0, pageSize: 50 });
    },
  ],
  ['error dismissed', ({ fixture }) => void fixture.recorder.dismissError()],
  [
    'unconfirmed dismissed',
    ({ fixture, dismissed, scene }) => {
      for (const { id } of scene.view().unconfirmed) {
        dismissed.add(id);
        fixture.recorder.dismissUnconfirmed(id);
      }
    },
  ],
];

/** Signing in and out, settings, sleep, restarts. */
export const upheavals: readonly Act[] = [
  ['pollSoon', ({ fixture }) => fixture.recorder.pollSoon()],
  [
    'sleep',
    async (observed) => {
      observed.suspend();
      await observed.pass(20_000);
      observed.resume();
    },
  ],
  [
    'sleep that nobody announces',
    ({ fixture, scene }) => {
      fixture.clock.sleepMachine(40_000);
      scene.disturbedAt = scene.now();
    },
  ],
  [
    'signed out and in',
    async (observed) => {
      if (observed.scene.username !== null) observed.signOut();
      await observed.pass(1_000);
      observed.enterPassword(agent);
    },
  ],
  [
    'a colleague signs in for a while',
    async (observed) => {
      if (observed.scene.username !== null) observed.signOut();
      await observed.pass(500);
      observed.enterPassword(colleague);
      await observed.pass(15_000);
      observed.signOut();
      observed.enterPassword(agent);
    },
  ],
  [
    'mode of the line changed',
    (observed) => observed.changeLine(observed.scene.line === dialIn ? ownLine : dialIn),
  ],
  [
    'number of the line changed',
    (observed) => observed.changeLine(observed.scene.line === otherLine ? ownLine : otherLine),
  ],
  ['restart', (observed) => observed.restart()],
  [
    'the same settings ten times',
    ({ fixture, scene }) => {
      for (let nth = 0; nth < 10; nth += 1) fixture.recorder.setPolicy({ ...scene.policy });
    },
  ],
  ...Object.entries(policies).map(([name, policy]): Act => [
    `settings: ${name}`,
    ({ fixture, scene, pauses }) => {
      scene.policy = policy;
      pauses.disturb();
      fixture.recorder.setPolicy(policy);
    },
  ]),
  [
    'password changed',
    (observed) => {
      observed.passwordChanged = true;
    },
  ],
  [
    'clock set',
    ({ fixture }) => {
      const byMs = 3 * 3_600_000;
      fixture.clock.jumpWall(byMs);
      // This computer's; the server's goes on.
      fixture.server.skewMs -= byMs;
    },
  ],
];

/** What happens on the telephones and to the recordings of their calls. */
export const telephones: readonly Act[] = [
  ['call connects', ({ scene }) => void scene.server.connectCall('101', agent, '+391')],
  ['call ends', ({ scene }) => scene.server.endCall('101')],
  ['a second call on the line', ({ scene }) => void scene.server.addCall('101', agent, '+392')],
  ['a call on another line', ({ scene }) => void scene.server.connectCall('555', agent, '+393')],
  ['the call on the other line ends', ({ scene }) => scene.server.endCall('555')],
  ["a colleague's call on the line", ({ scene }) => void scene.server.addCall('101', colleague, '+394')],
  [
    "the colleague's call ends",
    ({ scene }) => {
      const call = scene.server.calls.find(({ username }) => username === colleague);
      if (call !== undefined) scene.server.hangUp(call);
    },
  ],
  [
    "the colleague's call is recorded",
    ({ scene }) => {
      const call = scene.server.calls.find(({ username }) => username === colleague);
      if (call?.recording === null) scene.server.record(call, colleague);
    },
  ],
  [
    'the colleague pauses',
    ({ scene }) => {
      const call = scene.server.calls.find(({ username }) => username === colleague);
      if (call?.recording?.isPaused === false) scene.server.setPaused(call.recording, true);
    },
  ],
  [
    'a rule records the call',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call?.recording === null) scene.server.record(call, 'rule');
    },
  ],
  [
    'a rule records the other call',
    ({ scene }) => {
      const call = scene.server.callOn('555');
      if (call?.recording === null) scene.server.record(call, 'rule');
    },
  ],
  [
    'a supervisor starts',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call?.recording === null) scene.server.record(call, supervisor);
    },
  ],
  [
    'a supervisor stops',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call !== null) scene.server.endRecording(call);
    },
  ],
];

/** What servers and switchboards do to recordings that run. */
export const mishaps: readonly Act[] = [
  [
    'the id changes',
    ({ scene }) => {
      const recording = scene.server.active().at(-1);
      if (recording !== undefined) scene.server.rename(recording);
    },
  ],
  [
    'a transfer to somebody else outside',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call !== null) scene.server.transfer(call, { remoteNumber: '+395', keepsStart: true });
    },
  ],
  [
    'a transfer that counts anew',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call !== null) scene.server.transfer(call, { keepsStart: false });
    },
  ],
  [
    'the call moves to the other line',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call !== null) scene.server.transfer(call, { line: '555', keepsStart: true });
    },
  ],
  [
    'the call goes to the colleague',
    ({ scene }) => {
      const call = scene.server.callOn('101');
      if (call !== null) scene.server.transfer(call, { username: colleague, line: '104', keepsStart: true });
    },
  ],
  [
    'a conference',
    ({ scene }) => {
      const [first, second] = scene.server.calls.filter(({ line }) => line === '101');
      if (first === undefined || second === undefined) return;
      scene.server.hangUp(second);
      scene.server.transfer(first, { remoteNumber: 'Conference', keepsStart: true });
    },
  ],
  [
    'a list forgets what runs',
    ({ scene, requests }) => {
      // With the two in a row of a node that knows nothing it would be three, which prove an end.
      if (scene.server.habits.hasIdleNode) return;
      for (const recording of scene.server.active()) recording.hiddenFromLists = 1;
      requests.hiddenUntil = scene.now() + 180_000;
    },
  ],
  [
    '403 once',
    ({ scene }) => {
      scene.server.forbidNextLists = 1;
    },
  ],
  ['level lowered', ({ scene }) => void scene.server.blind.add(agent)],
  ['level raised', ({ scene }) => void scene.server.blind.delete(agent)],
  [
    'the service restarts',
    ({ scene, pauses }) => {
      scene.server.restart(false);
      scene.server.downUntil = scene.now() + 8_000;
      pauses.disturb();
    },
  ],
  [
    'the service restarts and forgets',
    ({ scene, pauses }) => {
      scene.server.restart(true);
      scene.server.downUntil = scene.now() + 8_000;
      pauses.disturb();
    },
  ],
];

/** Situations that a random sequence would hardly ever make. */
export const situations: readonly Act[] = [
  [
    'a supervisor is faster than a try that is cancelled',
    async (observed) => {
      const { server } = observed.scene;
      const call = server.callOn('101') ?? server.connectCall('101', agent);
      press(observed, 'next');
      await observed.pass(5);
      if (call.recording === null) server.record(call, supervisor);
      press(observed, 'cancel');
    },
  ],
  [
    'waiting in bad weather, and nothing can be seen',
    async (observed) => {
      observed.scene.server.blind.add(agent);
      observed.fixture.recorder.tryNow();
      await observed.pass(1_000);
      observed.setWeather('lossy');
      press(observed, 'next');
      await observed.pass(10_000);
    },
  ],
  [
    'record and wait until it is shown',
    async (observed) => {
      observed.scene.server.connectCall('101', agent, '+391');
      press(observed, 'record');
      await observed.pass(4_000);
    },
  ],
  [
    'two calls of the user, both recorded by rule',
    async (observed) => {
      const { server } = observed.scene;
      for (const number of ['+391', '+392']) {
        server.record(server.addCall('101', agent, number), 'rule');
        await observed.pass(4_000);
      }
    },
  ],
  [
    'the other line is recorded while a start is under way',
    async (observed) => {
      const { server } = observed.scene;
      server.record(server.connectCall('555', agent, '+393'), 'rule');
      await observed.pass(35_000);
      server.connectCall('101', agent, '+391');
      observed.setWeather('slow starts');
      press(observed, 'record');
      await observed.pass(500);
    },
  ],
  [
    'the start is under way',
    async (observed) => {
      observed.scene.server.connectCall('101', agent, '+391');
      observed.setWeather('slow starts');
      press(observed, 'record');
      await observed.pass(200);
    },
  ],
  [
    'RecLight starts while it records',
    async (observed) => {
      const { server } = observed.scene;
      const call = server.callOn('101') ?? server.connectCall('101', agent, '+391');
      if (call.recording === null) server.record(call, 'rule');
      await observed.restart();
    },
  ],
  [
    'paused here, to be resumed by itself',
    async (observed) => {
      observed.scene.policy = policies.resuming;
      observed.fixture.recorder.setPolicy(policies.resuming);
      observed.scene.server.connectCall('101', agent, '+391');
      press(observed, 'record');
      await observed.pass(4_000);
      press(observed, 'pause');
      await observed.pass(3_000);
    },
  ],
  ['a long while', (observed) => observed.pass(100_000)],
];
