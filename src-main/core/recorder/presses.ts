import type { CodedError, Operation } from '@shared/domain/errors';
import { startedUnseen } from './state';
import type { KeptPress, PressKind } from './state';
import { refuse, update } from './draft';
import type { Draft } from './draft';

/*
 * Presses that must not act twice, and presses that come before the state is known.
 */

/**
 * How long after a press the same one counts as its repetition, ms. X11 repeats a held shortcut, at first after about
 * 660 ms; a bouncing key comes back within 50 ms. *Record* is short, because a second press of it may be meant: the
 * call that was missing has connected.
 */
const repeatWithinMs: Readonly<Record<PressKind, number>> = {
  record: 400,
  stop: 1_000,
  pause: 1_000,
  resume: 1_000,
  mark: 1_000,
};

/** More presses than anybody makes before the first answer; the oldest ones are kept. */
const maxKept = 8;

/** Notes a press, and tells whether it only repeats the one before: a held or bouncing key, or impatience. */
export function isRepetition(draft: Draft, kind: PressKind): boolean {
  const last = draft.state.lastPress;
  update(draft, { lastPress: { kind, at: draft.now } });
  return last?.kind === kind && draft.now - last.at < repeatWithinMs[kind];
}

/** Keeps a press until the state is known. The same press twice in a row is one. */
export function keepPress(draft: Draft, kind: KeptPress['kind']): void {
  const { kept } = draft.state;
  if (kept.at(-1)?.kind === kind || kept.length >= maxKept) return;
  const isForStart = draft.state.start !== null || startedUnseen(draft.state) !== null;
  update(draft, { kept: [...kept, { kind, at: draft.now, isForStart }] });
}

/** Takes the kept presses out, oldest first. */
export function takeKept(draft: Draft): readonly KeptPress[] {
  const { kept } = draft.state;
  if (kept.length > 0) update(draft, { kept: [] });
  return kept;
}

/** What a kept press wanted, for its error. */
function operationOf(kind: KeptPress['kind']): Operation {
  return kind === 'mark' ? 'file' : kind;
}

/** Why a command was not sent at all: whatever happened to the request that it waited for, nothing came of it. */
export function neverSent({ code, detail }: CodedError, operation: Operation): CodedError {
  return { code, operation, detail: { ...detail, outcomeUnknown: false } };
}

/** The kept presses cannot be carried out: the user is told why. */
export function refuseKept(draft: Draft, error: CodedError): void {
  for (const { kind } of takeKept(draft)) refuse(draft, neverSent(error, operationOf(kind)));
}
