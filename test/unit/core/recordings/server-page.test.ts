import { describe, expect, it, vi } from 'vitest';

import { fail, succeed } from '@shared/domain/errors';
import { openServerPage, serverPageOf } from '../../../../src-main/core/recordings/server-page';
import type { SignedIn } from '../../../../src-main/core/account/held-connection';

const sessionAt = (serverAddress: string) => ({
  current: () => ({ serverAddress, username: 'anna' }) as SignedIn,
});

describe('the page of the server', () => {
  it.each([
    ['https://recorder.example.com', 'https://recorder.example.com/fw/'],
    ['http://10.0.0.7:8080', 'http://10.0.0.7:8080/fw/'],
    ['https://example.com/voice/rec', 'https://example.com/voice/rec/fw/'],
    ['https://[::1]:8443/voice/', 'https://[::1]:8443/voice/fw/'],
  ])('of %s is %s', (address, page) => {
    expect(serverPageOf(address)).toBe(page);
  });

  it.each(['', 'recorder.example.com', 'file:///etc/passwd', 'javascript:alert(1)', 'https://', 'ftp://x'])(
    'of %j is none',
    (address) => {
      expect(serverPageOf(address)).toBeNull();
    },
  );

  it('is opened in the browser, and what comes of that is told', async () => {
    for (const answer of [succeed(null), fail('browser-unavailable', 'details')]) {
      const openPage = vi.fn(() => Promise.resolve(answer));
      expect(await openServerPage(sessionAt('https://recorder.example.com/voice'), { openPage })).toBe(
        answer,
      );
      expect(openPage.mock.calls).toEqual([['https://recorder.example.com/voice/fw/']]);
    }
  });

  it('is nothing to open while nobody is signed in, nor where the address is none of the web', async () => {
    const openPage = vi.fn();
    expect(await openServerPage({ current: () => null }, { openPage })).toEqual(
      fail('signed-out', 'details'),
    );
    expect(await openServerPage(sessionAt('file:///etc/passwd'), { openPage })).toEqual(
      fail('invalid-address', 'details'),
    );
    expect(openPage).not.toHaveBeenCalled();
  });
});
