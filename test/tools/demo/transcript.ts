/** What the demo says, printed as it goes and kept. */
export interface Transcript {
  readonly say: (line: string) => void;
  text(): string;
}

/** Begins a transcript; each line tells how long the demo has run, in seconds. */
export function createTranscript(): Transcript {
  const began = performance.now();
  const lines: string[] = [];
  return {
    say: (line) => {
      const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
      lines.push(`${seconds}  ${line}`);
      console.log(lines.at(-1));
    },
    text: () => `${lines.join('\n')}\n`,
  };
}
