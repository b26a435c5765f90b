import { describe, expect, it } from 'vitest';

import { createTranslate } from '@shared/text/messages';

describe('createTranslate', () => {
  const translate = createTranslate({
    plain: 'It’s a "plain" <b>text</b>.',
    named: 'Hello {name}.',
    many: '{count, plural, one {# recording} other {# recordings}}',
    chosen: '{party, select, none {nobody} other {{party}}}',
  });

  it('gives a message without values as it is written', () => {
    expect(translate('plain')).toBe('It’s a "plain" <b>text</b>.');
  });

  it('fills in names as they are', () => {
    expect(translate('named', { name: "<i>{x}</i> & 'y'" })).toBe("Hello <i>{x}</i> & 'y'.");
  });

  it('counts as the language does', () => {
    expect(translate('many', { count: 1 })).toBe('1 recording');
    expect(translate('many', { count: 2_000 })).toBe('2,000 recordings');
    const german = createTranslate({ many: '{count, number}' }, 'de');
    expect(german('many', { count: 2_000 })).toBe('2.000');
  });

  it('formats one message again and again', () => {
    expect(translate('chosen', { party: 'none' })).toBe('nobody');
    expect(translate('chosen', { party: '101' })).toBe('101');
    expect(translate('chosen', { party: 'constructor' })).toBe('constructor');
  });
});
