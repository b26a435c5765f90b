import { expect, test } from 'vitest';

import { defaultSettings } from '@shared/ipc/settings';
import { recorderPolicyOf } from '../../../../src-main/core/settings/recorder-policy';

test('the recorder gets the pace of its polls, and its times in ms', () => {
  const { polling, recording } = defaultSettings();
  expect(
    recorderPolicyOf({ polling, recording: { ...recording, waitMinutes: 15, autoResumeSeconds: 30 } }),
  ).toEqual({
    ...polling,
    waitMs: 900_000,
    autoResumeMs: 30_000,
  });
  const never = recorderPolicyOf({ polling, recording: { ...recording, autoResumeSeconds: null } });
  expect(never.autoResumeMs).toBeNull();
});
