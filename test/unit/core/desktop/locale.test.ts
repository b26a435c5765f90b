import { describe, expect, it } from 'vitest';

import { usableLocale } from '../../../../src-main/core/desktop/locale';

describe('usableLocale', () => {
  it.each([
    [['it-IT', 'en-US'], 'it-IT'],
    [['', 'de'], 'de'],
    [['C', 'en-GB'], 'en-GB'],
    [['en_US.UTF-8', 'fr-FR'], 'fr-FR'],
    [['xx-XX', 'nl'], 'nl'],
    [['', ''], 'en'],
    [[], 'en'],
  ])('of %j is %s', (candidates, expected) => {
    expect(usableLocale(candidates)).toBe(expected);
  });
});
