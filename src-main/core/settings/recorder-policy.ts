import type { Settings } from '@shared/ipc/settings';
import type { RecorderPolicy } from '../recorder/contract';

/** What the settings mean for the recorder. */
export function recorderPolicyOf({
  polling,
  recording,
}: Pick<Settings, 'polling' | 'recording'>): RecorderPolicy {
  return {
    ...polling,
    waitMs: recording.waitMinutes * 60_000,
    autoResumeMs: recording.autoResumeSeconds === null ? null : recording.autoResumeSeconds * 1_000,
  };
}
