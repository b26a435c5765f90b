import type { SavesView } from '@shared/domain/saves';
import type { RecLight } from './reclight';
import { until } from './until';

/**
 * From now on the OS's dialogs answer by themselves.
 * @param path what is chosen for one file
 * @param folder what is chosen for several
 */
export async function presetDialogs(
  { app }: RecLight,
  { path, folder }: { readonly path: string; readonly folder: string },
): Promise<void> {
  await app.evaluate(
    ({ dialog }, answers) => {
      Object.assign(dialog, {
        showSaveDialog: () => Promise.resolve({ canceled: false, filePath: answers.path }),
        showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [answers.folder] }),
      });
    },
    { path, folder },
  );
}

/** What is kept, and how it fares, as the window is told. */
export async function keepView({ window }: RecLight): Promise<SavesView> {
  const answer = await window.evaluate(() => self.reclight.getSnapshot({}));
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.keep;
}

/** When nothing is under way any more. @param timeoutMs a minute by default */
export function savesEnded(reclight: RecLight, timeoutMs = 60_000): Promise<SavesView> {
  return until(
    async () => {
      const view = await keepView(reclight);
      const { queued, downloading, paused, verifying } = view.counts;
      return view.jobs.length > 0 && queued + downloading + paused + verifying === 0 && view;
    },
    'the saves to end',
    timeoutMs,
  );
}
