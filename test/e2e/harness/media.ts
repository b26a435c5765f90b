import type { Page } from 'playwright-core';

import type { MediaProgress } from '@shared/domain/media';

/**
 * Listens, from now on, to what the main process tells the window of the recording that it plays.
 * @returns what was told last of a recording; null where nothing was
 */
export async function watchProgress(page: Page): Promise<(id: string) => Promise<MediaProgress | null>> {
  const told = await page.evaluateHandle(() => {
    const latest: Record<string, MediaProgress> = {};
    self.reclight.onMediaProgress(({ id, progress }) => {
      latest[id.toLowerCase()] = progress;
    });
    return latest;
  });
  return (id) => told.evaluate((latest, wanted) => latest[wanted] ?? null, id.toLowerCase());
}

/** Whether the main process has sound of a recording in memory; asked for without downloading any. */
export function isInMemory(page: Page, id: string): Promise<boolean> {
  return page.evaluate(async (recording) => {
    const answer = await self.reclight.readMedia({ id: recording, first: 0 });
    return answer.ok && answer.value.bytes.length > 0;
  }, id);
}
