import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';

import { succeed, type Result } from '@shared/domain/errors';
import { useCommand } from '../../../src-renderer/ui/use-command';

test.each([
  ['rejects', () => Promise.reject(new Error('reply was never sent'))],
  [
    'is not there',
    (): Promise<Result<unknown>> => {
      throw new Error('no such channel');
    },
  ],
])('a command whose answer %s has failed, and can be sent again (R-19)', async (_name, broken) => {
  let send: () => Promise<Result<unknown>> = broken;
  let sent = 0;
  const { result } = renderHook(() =>
    useCommand(() => {
      sent += 1;
      return send();
    }),
  );
  await act(async () => {
    result.current.run();
    await Promise.resolve();
  });
  expect(result.current).toMatchObject({ pending: false, error: { code: 'internal' } });
  send = () => Promise.resolve(succeed(null));
  await act(async () => {
    result.current.run();
    await Promise.resolve();
  });
  expect(sent).toBe(2);
  expect(result.current).toMatchObject({ pending: false, error: null });
});
