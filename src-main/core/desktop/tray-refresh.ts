import type { Snapshot } from '@shared/ipc/snapshot';
import type { Clock, Disposable } from '../ports/clock';
import type { TrayPort } from '../ports/desktop';
import { trayModel } from './tray-model';

/** Keeps what the tray shows up to date, also where only time has passed. */
export interface TrayRefresh extends Disposable {
  /** To be called after every change; nothing where there is no tray yet. */
  refresh(): void;
}

/** Makes it; nothing is shown yet. */
export function createTrayRefresh(
  clock: Clock,
  tray: () => Pick<TrayPort, 'show'> | null,
  snapshot: () => Snapshot,
): TrayRefresh {
  let tick: Disposable | null = null;
  const refresh = (): void => {
    const shown = tray();
    if (shown === null) return;
    const model = trayModel(snapshot());
    shown.show(model);
    tick?.dispose();
    tick = model.nextChangeMs === null ? null : clock.schedule(model.nextChangeMs, refresh);
  };
  return { refresh, dispose: () => tick?.dispose() };
}
