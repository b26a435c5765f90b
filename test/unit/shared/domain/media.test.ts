import { describe, expect, it } from 'vitest';

import { mediaAddress, mediaRequestOf } from '@shared/domain/media';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('media addresses', () => {
  it('lead back to their recording, in lower case', () => {
    expect(mediaAddress(id.toUpperCase())).toBe(`media://recording/${id}`);
    expect(mediaRequestOf(mediaAddress(id))).toEqual({ id, ask: null });
    expect(mediaRequestOf(mediaAddress(id, 17))).toEqual({ id, ask: 17 });
    expect(mediaRequestOf(`media://recording/${id.toUpperCase()}`)).toEqual({ id, ask: null });
  });

  it.each([
    '',
    'media://recording/',
    'media://recording/123',
    `media://other/${id}`,
    `file://recording/${id}`,
    `media://recording/${id}/`,
    `media://recording/${id}?x=1`,
    `media://recording/${id}#t=1`,
    `media://recording/../${id}`,
    `media://recording/${id}\nmedia://recording/${id}`,
    `xmedia://recording/${id}`,
    `media://recording/${id.replaceAll('-', '')}`,
    `media://recording/${id.replace('0', 'g')}`,
  ])('%j is none', (address) => {
    expect(mediaRequestOf(address)).toBeNull();
  });
});
