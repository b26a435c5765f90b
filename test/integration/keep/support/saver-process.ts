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
  readonly ended: boolean;
}

// Saves recordings in a process of its own, which may be killed at any moment.
process.on('message', ({ server, folder, ids }: SaverOrder) => {
  const keeper = createKeeper({ server, template: '{reference}', folder });
  keeper.dialogs.folder = folder;
  const report = (ended: boolean): void => {
    process.send?.({ done: keeper.keep.view().counts.done, ended } satisfies SaverReport);
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
