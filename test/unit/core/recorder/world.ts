import type { RecorderApi } from '../../../../src-main/core/ports';
import type { RecorderNotice, RecorderSession } from '../../../../src-main/core/recorder/contract';
import { marksDocument } from '../../../../src-main/core/recorder/marks';
import { rememberedDocument } from '../../../../src-main/core/recorder/remembered';
import type { Recorder } from '../../../../src-main/core/recorder/service';
import { createRecorderService } from '../../../../src-main/core/recorder/service';
import type { RequestGate } from '../../../../src-main/core/request-gate';
import { createRequestGate } from '../../../../src-main/core/request-gate';
import type { Line } from '../../../../src-main/shared/recording';
import { MemoryFile, silentLog } from '../../../support/memory-file';
import { Troubles, openTestDocument } from '../../../support/open-document';
import { VirtualClock, seededRandom } from '../../../support/virtual-clock';
import { VirtualServer } from '../../../support/virtual-server';

/** The agent of these tests. */
export const agent = 'agent';
/** Their line. */
export const line: Line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };

/** One agent's recorder behind the real request gate, as in the product, in a virtual world. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  recorder: Recorder;
  readonly notices: RecorderNotice[];
  readonly stateFile: MemoryFile;
  readonly marksFile: MemoryFile;
  readonly troubles: Troubles;
  /** A session whose requests pass a gate: its own, or the one that is given. A refused one is replaced. */
  session(overrides?: Partial<RecorderSession>): RecorderSession;
  /** Ends the process and starts another one with the same files. */
  restart(): Promise<void>;
  /** ms of virtual time. */
  pass(ms: number): Promise<void>;
  noticed(kind: RecorderNotice['kind']): number;
}

/** Makes a world; nobody is signed in yet. */
export async function makeWorld(seed = 1): Promise<World> {
  const clock = new VirtualClock();
  const server = new VirtualServer(clock);
  const stateFile = new MemoryFile('recorder.json');
  const marksFile = new MemoryFile('marks.json');
  const random = seededRandom(seed);
  const notices: RecorderNotice[] = [];
  const troubles = new Troubles();
  const begin = async (): Promise<Recorder> => {
    const recorder = createRecorderService({
      clock,
      random,
      log: silentLog,
      stateFile: openTestDocument(rememberedDocument, stateFile, clock, troubles),
      marksFile: openTestDocument(marksDocument, marksFile, clock, troubles),
    });
    recorder.onNotice((notice) => notices.push(notice));
    await recorder.load();
    return recorder;
  };
  const ownApi = server.apiFor(agent);
  let signedIn: { readonly api: RecorderApi; readonly gate: RequestGate } | null = null;
  const behindGate = (api: RecorderApi): RequestGate => {
    if (signedIn?.api === api && !signedIn.gate.isLatched()) return signedIn.gate;
    signedIn?.gate.dispose();
    const gate = createRequestGate({
      api,
      clock,
      onRefused: (error) => {
        world.recorder.lock(error);
      },
    });
    signedIn = { api, gate };
    return gate;
  };
  const gateOf = (api: RecorderApi) => ('expireProof' in api ? api : behindGate(api));
  const world: World = {
    clock,
    server,
    recorder: await begin(),
    notices,
    stateFile,
    marksFile,
    troubles,
    session: (overrides) => ({
      serverAddress: 'https://recorder.example',
      username: agent,
      line,
      ...overrides,
      api: gateOf(overrides?.api ?? ownApi),
    }),
    restart: async () => {
      world.recorder.dispose();
      signedIn?.gate.dispose();
      signedIn = null;
      world.recorder = await begin();
    },
    pass: (ms) => clock.advance(ms),
    noticed: (kind) => notices.filter((notice) => notice.kind === kind).length,
  };
  return world;
}

/** The same, signed in and answered once. */
export async function signedInWorld(seed = 1, overrides?: Partial<RecorderSession>): Promise<World> {
  const world = await makeWorld(seed);
  world.recorder.setSession(world.session(overrides));
  await world.pass(100);
  return world;
}
