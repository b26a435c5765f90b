import { assertNever } from '@shared/assert-never';
import type { Direction } from '@shared/domain/recording';
import { formatElapsed } from '@shared/text/format';
import type { EvidenceItem, EvidenceOrigin } from './evidence-items';
import { fileMoment } from './file-name';
import { savingText } from './messages';

/** With more recordings than this their hashes would not fit on the page: they are in the hash list. */
const maxHashes = 12;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is nothing but text in a page, wherever it stands. */
export function escapeHtml(text: string): string {
  // Control characters have no place in a page, and some of them end it for some readers.
  return text.replace(/[&<>"']/g, (found) => entities[found] ?? '').replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}

function directionText(direction: Direction): string {
  switch (direction) {
    case 'incoming':
      return savingText('direction-incoming');
    case 'outgoing':
      return savingText('direction-outgoing');
    case 'unknown':
      return savingText('direction-unknown');
    default:
      return assertNever(direction);
  }
}

/** A cell; what is too long for it is cut by the style sheet, or one row would push another one off the page. */
function cell(text: string, className = ''): string {
  return `<td${className === '' ? '' : ` class="${className}"`}>${escapeHtml(text)}</td>`;
}

function row(item: EvidenceItem, withHash: boolean, timeZone: string | undefined): string {
  const { details } = item;
  const cells = [
    cell(details.referenceNumber),
    cell(fileMoment(details.startTime, timeZone).replaceAll('.', ':')),
    cell(formatElapsed(details.durationMs)),
    cell(directionText(details.direction)),
    cell(details.localPartyNumber ?? ''),
    cell(details.remotePartyNumber ?? ''),
    cell(details.owner?.username ?? ''),
    cell(String(item.sizeBytes), 'number'),
    cell(savingText(item.verification === 'verified' ? 'summary-verified' : 'summary-unverified')),
  ];
  const first = `<tr>${cells.join('')}</tr>`;
  if (!withHash) return first;
  const files = `${escapeHtml(item.fileName)}<br><code>${escapeHtml(item.sha256.toLowerCase())}</code>`;
  return `${first}<tr class="file"><td colspan="${cells.length}">${files}</td></tr>`;
}

/** In percent, in the order of the headings: a telephone number, a size and the verdict are never cut. */
const columnWidths = [13, 15.5, 7, 8.5, 6, 13.5, 11.5, 9.5, 15.5] as const;

/** The font that lets so many recordings stand on one page, in points. */
function fontSize(count: number): number {
  return count <= 30 ? 8 : 6.5;
}

/**
 * The summary of a package as a whole HTML document: one page, no script, nothing to load. Everything that comes from
 * the server is escaped.
 * @param timeZone IANA; the computer's own where left out
 */
export function summaryPage(
  items: readonly EvidenceItem[],
  origin: EvidenceOrigin,
  timeZone?: string,
): string {
  const withHashes = items.length <= maxHashes;
  const zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const headings = [
    'summary-reference',
    'summary-start',
    'summary-length',
    'summary-direction',
    'summary-local',
    'summary-remote',
    'summary-owner',
    'summary-size',
    'summary-state',
  ] as const;
  const made = savingText('summary-made', {
    moment: fileMoment(origin.createdAt, timeZone).replaceAll('.', ':'),
    zone,
    username: origin.username,
    server: origin.serverAddress,
    version: origin.appVersion,
  });
  const notes = [savingText('summary-check'), savingText('summary-verification')];
  if (!withHashes) notes.push(savingText('summary-hashes'));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(savingText('summary-title'))}</title>
<style>
@page { size: A4; margin: 14mm; }
body { margin: 0; font: ${fontSize(items.length)}pt/1.3 sans-serif; color: #000; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
h2 { font-size: 11pt; margin: 4mm 0 2mm; }
table { margin-bottom: 3mm; }
p { margin: 0 0 1.5mm; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { text-align: left; padding: 0.4mm 1mm 0.4mm 0; }
th { border-bottom: 0.3mm solid #000; }
td { border-top: 0.1mm solid #999; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
${columnWidths.map((width, index) => `th:nth-child(${index + 1}) { width: ${width}%; }`).join('\n')}
.file td { border-top: 0; color: #333; white-space: normal; overflow-wrap: anywhere; }
.number { font-variant-numeric: tabular-nums; }
code { font-size: 90%; }
</style>
</head>
<body>
<h1>${escapeHtml(savingText('summary-title'))}</h1>
<p>${escapeHtml(made)}</p>
<h2>${escapeHtml(savingText('summary-recordings', { count: items.length }))}</h2>
<table>
<thead><tr>${headings.map((key) => `<th>${escapeHtml(savingText(key))}</th>`).join('')}</tr></thead>
<tbody>
${items.map((item) => row(item, withHashes, timeZone)).join('\n')}
</tbody>
</table>
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join('\n')}
</body>
</html>
`;
}
