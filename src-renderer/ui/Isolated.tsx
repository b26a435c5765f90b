import { Fragment, type ReactNode } from 'react';

/**
 * Words in which names and numbers keep their own direction of writing, so that none turns what stands beside it round.
 * @param props.words from a message catalogue, with the values in it
 * @param props.values in the order in which they stand there; what is null or not there is passed over
 */
export function Isolated({
  words,
  values,
}: {
  readonly words: string;
  readonly values: readonly (string | null)[];
}) {
  const parts: ReactNode[] = [];
  let rest = words;
  for (const value of values) {
    const at = value === null || value === '' ? -1 : rest.indexOf(value);
    if (value === null || at < 0) continue;
    parts.push(rest.slice(0, at), <bdi key={parts.length}>{value}</bdi>);
    rest = rest.slice(at + value.length);
  }
  return (
    <Fragment>
      {parts}
      {rest}
    </Fragment>
  );
}
