import { execFile } from 'node:child_process';

const watcher = 'org.kde.StatusNotifierWatcher';

/** Programs of which every Linux desktop has at least one; each prints whether somebody shows tray icons. */
const questions: readonly (readonly [string, ...string[]])[] = [
  [
    'gdbus',
    'call',
    '--session',
    '--dest=org.freedesktop.DBus',
    '--object-path=/org/freedesktop/DBus',
    '--method=org.freedesktop.DBus.NameHasOwner',
    watcher,
  ],
  [
    'dbus-send',
    '--session',
    '--print-reply',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    `string:${watcher}`,
  ],
];

function ask([program, ...args]: readonly [string, ...string[]]): Promise<boolean | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 2_000 }, (error, stdout) => {
      resolve(error === null ? /true/.test(stdout) : null);
    });
  });
}

/**
 * Whether this desktop shows tray icons. Electron does not tell, and on Linux many do not; where it cannot be found
 * out the answer is no, so that the window stays reachable.
 */
export async function desktopHasTray(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  for (const question of questions) {
    const answer = await ask(question);
    if (answer !== null) return answer;
  }
  return false;
}
