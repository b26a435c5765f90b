/** What the command line, of this start or of a second one, asks the running RecLight to do. */
export type CommandLineRequest =
  'start' | 'stop' | 'pause' | 'resume' | 'mark' | 'show' | 'hide' | 'play-latest';

// A map, not an object: an argument called `constructor` must find nothing.
const switches: ReadonlyMap<string, CommandLineRequest> = new Map<string, CommandLineRequest>([
  ['--start', 'start'],
  ['--stop', 'stop'],
  ['--pause', 'pause'],
  ['--resume', 'resume'],
  ['--mark', 'mark'],
  ['--show', 'show'],
  ['--hide', 'hide'],
  ['--play-latest', 'play-latest'],
]);

/**
 * The requests in a command line, in their order; everything else is Chromium's or ignored.
 * @param argv with or without the executable's own path
 */
export function parseCommandLine(argv: readonly string[]): readonly CommandLineRequest[] {
  return argv.flatMap((argument) => switches.get(argument) ?? []);
}

/**
 * Switches of Chromium that the packaged app obeys: how and where it is shown, and where its profile is. Everything else
 * is dropped, because any of the others may turn off the check of certificates, send requests elsewhere, write them to a
 * file, or let another program control the window. Chromium has over a thousand switches, and each version adds some.
 */
const harmless: ReadonlySet<string> = new Set([
  'user-data-dir',
  'lang',
  // As root Chromium runs only without it.
  'no-sandbox',
  'ozone-platform',
  'ozone-platform-hint',
  'enable-wayland-ime',
  'wayland-text-input-version',
  'gtk-version',
  'force-device-scale-factor',
  'high-dpi-support',
  'disable-gpu',
  'disable-gpu-compositing',
  'disable-software-rasterizer',
  'disable-dev-shm-usage',
  'use-gl',
  'use-angle',
  // Our own with a value.
  'policy',
]);

/**
 * The names of the switches in a command line that the packaged app must not obey.
 * @param argv with the executable's own path
 * @param isWindows there a switch may begin with a slash, and its case does not count
 */
export function strangeSwitches(argv: readonly string[], isWindows: boolean): readonly string[] {
  const prefix = isWindows ? /^(?:--?|\/)(?=[^-/\s])/ : /^--?(?=[^-\s])/;
  const end = argv.indexOf('--');
  return argv.slice(1, end === -1 ? undefined : end).flatMap((argument) => {
    if (!prefix.test(argument) || switches.has(argument)) return [];
    const [name = ''] = argument.replace(prefix, '').split('=');
    const known = isWindows ? name.toLowerCase() : name;
    return harmless.has(known) ? [] : [known];
  });
}
