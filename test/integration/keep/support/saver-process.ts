import { createKeeper } from './keeper';

/** What the saver is told. */
export interface SaverOrder {
  readonly server: string;
  readonly folder: string;
  readonly ids: readonly string[];
}

/** How far it is. */
export interface SaverReport {
  readonly done: number;
  /** How many are in the middle of their audio, not near its end. */
  readonly arriving: number;
  readonly ended: boolean;
}

// Saves recordings in a process of its own, which may be killed at any moment.
process.on('message', ({ server, folder, ids }: SaverOrder) => {
  const keeper = createKeeper({ server, template: '{reference}', folder });
  keeper.dialogs.folder = folder;
  const report = (ended: boolean): void => {
    const { counts, jobs } = keeper.keep.view();
    const arriving = jobs.filter(
      ({ status, received, size }) =>
        status === 'downloading' && received > 0 && received < 0.8 * (size ?? 0),
    ).length;
    process.send?.({ done: counts.done, arriving, ended } satisfies SaverReport);
  };
  keeper.keep.onChange(() => {
    report(false);
  });
  const work = async (): Promise<void> => {
    await keeper.keep.sweep();
    await keeper.keep.saveRecordings({ ids: [...ids] });
    await keeper.ended();
    report(true);
    keeper.dispose();
    process.disconnect();
  };
  void work();
});
