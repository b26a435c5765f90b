import { describe, expect, it } from 'vitest';

import { mediaAddress, recordingIdOf } from '../../../src-main/shared/media';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('media addresses', () => {
  it('lead back to their recording, in lower case', () => {
    expect(mediaAddress(id.toUpperCase())).toBe(`media://recording/${id}`);
    expect(recordingIdOf(mediaAddress(id))).toBe(id);
    expect(recordingIdOf(`media://recording/${id.toUpperCase()}`)).toBe(id);
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
    expect(recordingIdOf(address)).toBeNull();
  });
});
