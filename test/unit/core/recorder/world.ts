import type { RecorderNotice, RecorderSession } from '../../../../src-main/core/recorder/contract';
import type { Recorder } from '../../../../src-main/core/recorder/service';
import { createRecorderService } from '../../../../src-main/core/recorder/service';
import type { Line } from '../../../../src-main/shared/recording';
import { MemoryFile, silentLog } from '../../../support/memory-file';
import { VirtualClock, seededRandom } from '../../../support/virtual-clock';
import { VirtualServer } from '../../../support/virtual-server';

/** The agent of these tests. */
export const agent = 'agent';
/** Their line. */
export const line: Line = { directoryNumber: '101', deviceName: null, mode: 'media-forking' };

/** One agent's recorder in a virtual world. */
export interface World {
  readonly clock: VirtualClock;
  readonly server: VirtualServer;
  recorder: Recorder;
  readonly notices: RecorderNotice[];
  readonly stateFile: MemoryFile;
  readonly marksFile: MemoryFile;
  readonly damaged: string[];
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
  const damaged: string[] = [];
  const begin = async (): Promise<Recorder> => {
    const recorder = createRecorderService({ clock, random, log: silentLog, stateFile, marksFile });
    recorder.onNotice((notice) => notices.push(notice));
    recorder.onDamaged((fileName) => damaged.push(fileName));
    await recorder.load();
    return recorder;
  };
  const world: World = {
    clock,
    server,
    recorder: await begin(),
    notices,
    stateFile,
    marksFile,
    damaged,
    session: (overrides) => ({
      api: server.apiFor(agent),
      serverAddress: 'https://recorder.example',
      username: agent,
      line,
      ...overrides,
    }),
    restart: async () => {
      world.recorder.dispose();
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
