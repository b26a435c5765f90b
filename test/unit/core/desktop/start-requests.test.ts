import { describe, expect, test } from 'vitest';

import { defaultSettings } from '@shared/ipc/settings';
import { planStart, requestsOfSecondStart } from '../../../../src-main/core/desktop/start-requests';

describe('the window at a start', () => {
  const settings = (showAtStart: boolean, remember: boolean) => {
    const { account, appearance } = defaultSettings();
    return { account: { ...account, remember }, appearance: { ...appearance, showAtStart } };
  };

  test.each([
    ['is shown where the settings say so', [], true, true, true],
    ['stays hidden where the settings say so', [], false, true, false],
    ['is shown to who has to sign in', [], false, false, true],
    ['is shown where the command line says so', ['--show'], false, true, true],
    ['stays hidden where the command line says so', ['--hide'], true, false, false],
    ['stays hidden where the command line says both', ['--show', '--hide'], true, true, false],
  ] as const)('%s', (_what, argv, showAtStart, remember, isShown) => {
    expect(planStart(argv, settings(showAtStart, remember)).showsWindow).toBe(isShown);
  });

  test('is not shown or hidden once more after the sign-in', () => {
    const { requests } = planStart(['--hide', '--start', '--show', '--mark'], settings(true, true));
    expect(requests).toEqual(['start', 'mark']);
  });
});

test('a second start shows the window where it asks for nothing', () => {
  expect(requestsOfSecondStart(['reclight', '--no-sandbox'])).toEqual(['show']);
  expect(requestsOfSecondStart(['reclight', '--stop', '--hide'])).toEqual(['stop', 'hide']);
});
