import { describe, expect, it } from 'vitest';

import type { EvidenceItem, EvidenceOrigin } from '../../../../src-main/core/saving/evidence-items';
import { hashList, metadataJson } from '../../../../src-main/core/saving/evidence-items';
import { escapeHtml, summaryPage } from '../../../../src-main/core/saving/summary-page';

const origin: EvidenceOrigin = {
  serverAddress: 'https://recorder.example.com',
  username: 'anna.rossi',
  appVersion: '0.1.0',
  createdAt: Date.UTC(2026, 2, 2, 13, 2, 5),
};

function item(changes: Partial<EvidenceItem['details']> = {}): EvidenceItem {
  return {
    details: {
      id: '75a90276-e47e-4e9e-b463-e3c743d5ff3a',
      referenceNumber: '2026000000175',
      pbxCallId: '32158149',
      startTime: Date.UTC(2026, 2, 1, 10, 0, 0),
      durationMs: 91_870,
      direction: 'outgoing',
      localPartyNumber: '229',
      remotePartyNumber: '+390244548866',
      owner: null,
      preservingUser: null,
      note: { owner: null, text: 'Ref. invoice' },
      sizeBytes: 356_112,
      sha256: '1DDAE20272E67699E325C31C8813720B770AC04BC1604C9B3B8967FEAEE1037F',
      ...changes,
    },
    fileName: 'call <1>.mp3',
    sizeBytes: 356_112,
    sha256: '1DDAE20272E67699E325C31C8813720B770AC04BC1604C9B3B8967FEAEE1037F',
    verification: 'verified',
  };
}

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></tr></table><iframe src=//evil.example>',
  '&lt;script&gt;',
  '{{constructor}}',
  '\u0000\u001b[31m',
];

describe('the summary', () => {
  it.each(hostile)('shows %j as text', (text) => {
    const page = summaryPage([item({ remotePartyNumber: text, referenceNumber: text })], {
      ...origin,
      username: text,
      serverAddress: text,
    });
    expect(page).toContain(escapeHtml(text));
    // Nothing but the tags of the page itself.
    const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag));
    const own = [
      'html',
      'head',
      'meta',
      'title',
      'style',
      'body',
      'h1',
      'h2',
      'p',
      'table',
      'thead',
      'tbody',
      'tr',
      'th',
      'td',
      'br',
      'code',
    ];
    expect([...tags].filter((tag) => !own.includes(tag ?? ''))).toEqual([]);
  });

  it('escapes what means something in a page, and only that', () => {
    expect(escapeHtml(`a<b>&"'c`)).toBe('a&lt;b&gt;&amp;&quot;&#39;c');
    expect(escapeHtml('Zürich + 日本')).toBe('Zürich + 日本');
  });

  it('loads nothing', () => {
    expect(summaryPage([item()], origin)).not.toMatch(/\b(?:src|href|url\()/);
  });

  it('leaves the hashes to the hash list where there are too many, and says so', () => {
    const few = summaryPage([item()], origin);
    expect(few).toContain('1ddae20272e67699e325c31c8813720b770ac04bc1604c9b3b8967feaee1037f');
    const many = summaryPage(
      Array.from({ length: 50 }, () => item()),
      origin,
    );
    expect(many).not.toContain('1ddae202');
    expect(many).toContain('SHA256SUMS');
  });

  it('never says that something was tampered with', () => {
    const page = summaryPage([{ ...item(), verification: 'unverified' }], origin);
    expect(page).toContain('Could not be verified');
    expect(page.toLowerCase()).not.toContain('tamper');
  });
});

describe('the files beside it', () => {
  it('list hashes as sha256sum reads them', () => {
    expect(hashList([{ fileName: 'a b.mp3', sha256: 'AB12' }])).toBe('ab12  a b.mp3\n');
  });

  it('tell everything that the server tells, and what was found', () => {
    const parsed = JSON.parse(metadataJson([item()], origin)) as unknown;
    expect(parsed).toMatchObject({
      format: 'reclight-evidence',
      version: 1,
      createdAt: '2026-03-02T13:02:05.000Z',
      createdBy: 'anna.rossi',
      server: 'https://recorder.example.com',
      recordings: [
        {
          file: 'call <1>.mp3',
          verification: 'verified',
          server: {
            id: '75a90276-e47e-4e9e-b463-e3c743d5ff3a',
            startTime: '2026-03-01T10:00:00.000Z',
            pbxCallId: '32158149',
            note: { text: 'Ref. invoice' },
            sizeBytes: 356_112,
          },
        },
      ],
    });
  });
});
