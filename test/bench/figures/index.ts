import { fleetFigures } from '../fleet';
import type { FigureGroup } from './group';
import { hotkeyToPost } from './hotkey';
import { idleCpu } from './idle-cpu';
import { idleMemory } from './idle-memory';
import { launchFigures } from './launch';
import { doubleClickToPlaying } from './playback';

/** Everything the bench measures, in the order in which it prints it. */
export const figureGroups: readonly FigureGroup[] = [
  launchFigures,
  hotkeyToPost,
  doubleClickToPlaying,
  idleMemory,
  idleCpu,
  fleetFigures,
];
