import type { Direction } from '@shared/domain/recording';
import type { NamePlaceholder } from '@shared/domain/saves';
import { defaultNameTemplate, isNameTemplate } from '@shared/domain/saves';

/** What a recording's file is named after. */
export interface NamedRecording {
  readonly referenceNumber: string;
  /** Epoch ms. */
  readonly startTime: number;
  readonly direction: Direction;
  readonly ownerUsername: string | null;
  readonly localPartyNumber: string | null;
  readonly remotePartyNumber: string | null;
}

/** How long a whole name may be, in bytes of UTF-8: the shortest limit in the field is 255, minus an ecryptfs header. */
export const maxNameBytes = 180;

/** The longest extension that is kept when a name is shortened, with its dot. */
const maxExtensionLength = 8;

// Forbidden by Windows; the slash by everyone. Control characters, those that turn the direction of writing, and
// surrogates without their other half, which no file system can hold.
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Names of devices on Windows, with or without an extension; the superscript digits count as digits there. */
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])[ ]*(?:\.|$)/i;

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The longest beginning of a text that fits, cut between what a reader takes for characters. */
function fit(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text;
  let fitting = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += byteLength(segment);
    if (used > bytes) break;
    fitting += segment;
  }
  return fitting;
}

/** Blanks at the ends and dots at either end are dropped: Windows drops the last ones silently, the first ones hide. */
function trimmed(text: string): string {
  return text.replace(/^[\s.]+/u, '').replace(/[\s.]+$/u, '');
}

function cleaned(text: string): string {
  return trimmed(text.normalize('NFC').replace(/\s+/gu, ' ').replace(forbidden, '_'));
}

/**
 * A name that every file system takes as it is: composed Unicode, nothing that Windows, macOS or Linux forbids, no
 * reserved name, at most {@link maxNameBytes} bytes.
 * @param stem without the extension
 * @param extension with its dot, plain ASCII, at most eight characters
 * @param spareBytes how much shorter it must be
 * @returns the whole name, or an empty text where nothing of the stem is left
 */
export function safeFileName(stem: string, extension: string, spareBytes = 0): string {
  const room = maxNameBytes - byteLength(extension) - spareBytes;
  // What is cut may end in a blank or a dot again; what is guarded is one character longer.
  const fitting = trimmed(fit(cleaned(stem), room - 1));
  if (fitting === '') return '';
  return (reserved.test(fitting) ? `_${fitting}` : fitting) + extension;
}

/**
 * The same name with a number: `call.mp3`, then `call (2).mp3`. Never longer than {@link maxNameBytes}.
 * @param fileName a whole name, perhaps chosen by the user
 * @param number 1 leaves it as it is
 */
export function numberedName(fileName: string, number: number): string {
  if (number === 1) return fileName;
  const dot = fileName.lastIndexOf('.');
  const hasExtension = dot > 0 && fileName.length - dot <= maxExtensionLength;
  const stem = hasExtension ? fileName.slice(0, dot) : fileName;
  const extension = hasExtension ? fileName.slice(dot) : '';
  const suffix = ` (${number})`;
  const room = Math.max(1, maxNameBytes - byteLength(extension) - byteLength(suffix));
  return trimmedEnd(fit(stem, room)) + suffix + extension;
}

function trimmedEnd(text: string): string {
  return text.replace(/[\s.]+$/u, '');
}

/** `2026-03-02 14.02.05`: sorts by time, and no file system minds it. */
export function fileMoment(epochMs: number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB-u-nu-latn', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(epochMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  const year = part('year').padStart(4, '0');
  return `${year}-${part('month')}-${part('day')} ${part('hour')}.${part('minute')}.${part('second')}`;
}

/**
 * The name of a recording's file.
 * @param template of the settings; one that is no template counts as the default one
 * @param recording what it is named after; what the server does not tell is left out
 * @param extension with its dot
 * @param timeZone IANA; the computer's own where left out
 * @returns never empty: a name of which nothing is left becomes the reference number
 */
export function recordingFileName(
  template: string,
  recording: NamedRecording,
  extension: string,
  timeZone?: string,
): string {
  const values: Readonly<Record<NamePlaceholder, string>> = {
    start: fileMoment(recording.startTime, timeZone),
    remote: recording.remotePartyNumber ?? '',
    reference: recording.referenceNumber,
    local: recording.localPartyNumber ?? '',
    direction: recording.direction,
    owner: recording.ownerUsername ?? '',
  };
  const usable = isNameTemplate(template) ? template : defaultNameTemplate;
  const stem = usable.replace(/\{([^{}]*)\}/g, (_whole, name: string) => values[name as NamePlaceholder]);
  const candidates = [stem, recording.referenceNumber, 'recording'];
  for (const candidate of candidates) {
    const name = safeFileName(candidate, extension);
    // A name of nothing but what was replaced says nothing.
    if (name !== '' && !/^[_\s]*$/.test(name.slice(0, name.length - extension.length))) return name;
  }
  return `recording${extension}`;
}
