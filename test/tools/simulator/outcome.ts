/** An answer before it is written: a status, and the JSON documented for it, if any. */
export interface Outcome {
  readonly status: number;
  /** Null where the vendor documents no body: an error then gets an IIS page. */
  readonly body: unknown;
}

/** An answer with a JSON body. */
export function answer(status: number, body: Outcome['body']): Outcome {
  return { status, body };
}

/** A refusal for which the vendor documents a reason. */
export function refuse(
  status: number,
  reason: number,
  more: Readonly<Record<string, unknown>> = {},
): Outcome {
  return { status, body: { reason, ...more } };
}

/** An answer without documented body. */
export function bare(status: number): Outcome {
  return { status, body: null };
}
