import type { Fate, RequestRecord } from '../../../fixtures/virtual-server';
import { answering, fine, pulled } from '../../../fixtures/networks';

/** What the network and the server are like for a while. */
export const weathers = [
  'fine',
  'slow',
  'lossy',
  'doubling',
  'failing',
  'stalling',
  'dead',
  'late',
  'slow lists',
  'slow starts',
  'commands hang',
] as const;
export type Weather = (typeof weathers)[number];

const commands: readonly RequestRecord['kind'][] = ['start', 'stop', 'stop-line', 'pause', 'resume'];

/** Whether every poll is answered well and at once. */
export function answersPolls(weather: Weather): boolean {
  return (
    weather === 'fine' || weather === 'slow lists' || weather === 'slow starts' || weather === 'commands hang'
  );
}

/** Draws what becomes of a request. */
export function fateIn(weather: Weather, { kind }: RequestRecord, random: () => number): Fate {
  const chance = random();
  switch (weather) {
    case 'fine':
      return fine;
    case 'slow':
      return { kind: 'ok', outMs: random() * 4_000, backMs: random() * 3_900 };
    case 'lossy':
      if (chance < 0.25) return { kind: 'request-lost', noticedMs: random() * 3_000 };
      if (chance < 0.5) return { kind: 'answer-lost', outMs: random() * 500, noticedMs: random() * 3_000 };
      return { kind: 'ok', outMs: random() * 300, backMs: random() * 300 };
    case 'doubling':
      return { kind: 'doubled', outMs: random() * 200, againMs: random() * 500, backMs: random() * 200 };
    case 'failing':
      if (chance < 0.3) return answering('server-error', { status: 503 });
      if (chance < 0.5) return answering('not-this-server', { status: 200 });
      if (chance < 0.6) return answering('rate-limited', { status: 429, retryAfterMs: 5_000 });
      return fine;
    case 'stalling':
      if (chance < 0.3) return { kind: 'request-lost', noticedMs: null };
      if (chance < 0.6) return { kind: 'answer-lost', outMs: random() * 2_000, noticedMs: null };
      return fine;
    case 'dead':
      return pulled;
    case 'late':
      // Arrives after the client has given up, and still has its effect.
      if (chance < 0.3) return { kind: 'ok', outMs: 10_000 + random() * 15_000, backMs: 10 };
      return fine;
    case 'slow lists':
      return kind === 'list' || kind === 'details'
        ? { kind: 'ok', outMs: 10, backMs: 5_000 + random() * 15_000 }
        : fine;
    case 'slow starts':
      return kind === 'start' ? { kind: 'ok', outMs: 10, backMs: 1_000 + random() * 11_000 } : fine;
    case 'commands hang':
      return commands.includes(kind) ? { kind: 'answer-lost', outMs: 10, noticedMs: null } : fine;
  }
}
