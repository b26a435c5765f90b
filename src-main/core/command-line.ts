/** What the command line, of this start or of a second one, asks the running RecLight to do. */
export type CommandLineRequest = 'start' | 'stop' | 'pause' | 'resume' | 'show' | 'hide' | 'play-latest';

// A map, not an object: an argument called `constructor` must find nothing.
const switches: ReadonlyMap<string, CommandLineRequest> = new Map<string, CommandLineRequest>([
  ['--start', 'start'],
  ['--stop', 'stop'],
  ['--pause', 'pause'],
  ['--resume', 'resume'],
  ['--show', 'show'],
  ['--hide', 'hide'],
  ['--play-latest', 'play-latest'],
]);

/**
 * The requests in a command line, in their order; everything else in it belongs to Chromium or to nobody.
 * @param argv with or without the executable's own path
 */
export function parseCommandLine(argv: readonly string[]): readonly CommandLineRequest[] {
  return argv.flatMap((argument) => switches.get(argument) ?? []);
}
