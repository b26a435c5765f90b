import { fleetFigures } from '../fleet';
import type { FigureGroup } from './group';
import { hotkeyToPost } from './hotkey';
import { idleCpu } from './idle-cpu';
import { idleMemory } from './idle-memory';
import { launchFigures } from './launch';
import { listFigures } from './list';
import { doubleClickToPlaying } from './playback';
import { saveThroughput } from './save-throughput';
import { hugeLists, killedNetwork, slowServer } from './slow-server';

/** Everything the bench measures, in the order in which it prints it. */
export const figureGroups: readonly FigureGroup[] = [
  launchFigures,
  hotkeyToPost,
  doubleClickToPlaying,
  saveThroughput,
  listFigures,
  idleMemory,
  idleCpu,
  slowServer,
  killedNetwork,
  hugeLists,
  fleetFigures,
];
