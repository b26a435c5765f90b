import type { Clock } from './clock';
import { plainSpeech } from './media/media-spec';
import type { Office } from './office';
import type { Random } from './random';
import type { Direction, Recording } from './recording';
import type { Recordings } from './recordings';

const dayMs = 86_400_000;
const opensAt = 7.5 * 3_600_000;
const closesAt = 17.5 * 3_600_000;
const notes = ['Ref. invoice No.1234ABC', 'Call back on Monday', 'Asked for the new catalogue'] as const;

/**
 * Adds past calls of the office's agents, going back from now through working hours, about 130 a day.
 * Deterministic for a given generator and clock. The office opens on every day of the week: yesterday has calls
 * whatever day it is.
 */
export function seedRecordings(
  parts: {
    readonly recordings: Recordings;
    readonly clock: Clock;
    readonly random: Random;
    readonly office: Office;
  },
  count: number,
): void {
  const { random, office } = parts;
  const [first, ...others] = office.agents;
  if (!first || count <= 0) return;
  const seeded: (Partial<Recording> & { startMs: number; durationMs: number })[] = [];
  let end = parts.clock.now() - 90_000;
  for (let index = 0; index < count; index += 1) {
    end = intoWorkingHours(end - random.integer(5, 550) * 1000);
    const durationMs = durationOf(random);
    const agent = random.pick([first, ...others]);
    seeded.push({
      id: random.guid(),
      startMs: Math.floor((end - durationMs) / 10) * 10,
      durationMs,
      direction: directionOf(random),
      ownerUsername: agent.username,
      localPartyNumber: agent.directoryNumber,
      remotePartyNumber: numberOf(random, office),
      pbxCallId: String(random.integer(10_000_000, 99_999_999)),
      note: random.next() < 0.04 ? { ownerUsername: agent.username, text: random.pick(notes) } : null,
      preservedBy: random.next() < 0.02 ? agent.username : null,
      media: plainSpeech,
    });
  }
  // Oldest first, so that reference numbers grow with time; calls of several agents overlap.
  parts.recordings.addAll(seeded.sort((a, b) => a.startMs - b.startMs));
}

/** Steps back to the last moment somebody was in the office (UTC). */
function intoWorkingHours(ms: number): number {
  const day = Math.floor(ms / dayMs) * dayMs;
  const time = ms - day;
  return time < opensAt ? day - dayMs + closesAt : day + Math.min(time, closesAt);
}

function durationOf(random: Random): number {
  // Most calls are short: 8 s to 7 min, to a hundredth of a second.
  return 8_000 + Math.floor(random.next() ** 2.2 * 41_000) * 10;
}

function directionOf(random: Random): Direction {
  const share = random.next();
  return share < 0.55 ? 1 : share < 0.98 ? 2 : 0;
}

function numberOf(random: Random, office: Office): string {
  const share = random.next();
  const [contact, ...contacts] = office.contacts;
  if (contact && share < 0.35) return random.pick([contact, ...contacts]).phoneNumber;
  const digits = (length: number): string =>
    String(random.integer(0, 10 ** length - 1)).padStart(length, '0');
  if (share < 0.65) return `+39${random.pick(['02', '06', '011', '0584', '347', '328'])}${digits(7)}`;
  if (share < 0.8) return `+44${random.pick(['20', '161', '7700'])}${digits(7)}`;
  if (share < 0.88) return `+1212555${digits(4)}`;
  return String(random.integer(200, 299));
}
