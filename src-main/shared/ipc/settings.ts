import * as v from 'valibot';

import { repeatedAccelerator, storedAccelerator } from '../domain/accelerator';
import { defaultNameTemplate, isNameTemplate } from '../domain/saves';
import { maxLines } from '../domain/user-line';

/** What a hotkey can do. Never one that both starts and stops. */
export const hotkeyActions = ['record', 'stop', 'pause', 'resume', 'mark', 'toggle-window'] as const;

/** One of {@link hotkeyActions}. */
export type HotkeyAction = (typeof hotkeyActions)[number];

/** Notices the user can switch off, each by itself. */
export const noticeKinds = [
  'started',
  'stopped',
  'marked',
  'saved',
  'refused',
  'unknown',
  'recovered',
  'pause-reminder',
] as const;

/** One of {@link noticeKinds}. */
export type NoticeKind = (typeof noticeKinds)[number];

const shortText = (maximum: number) => v.pipe(v.string(), v.trim(), v.maxLength(maximum));
const nameOrNothing = (maximum: number) => v.nullable(v.pipe(shortText(maximum), v.nonEmpty()));
const wholeNumber = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
const accelerator = v.nullable(
  v.pipe(v.string(), v.maxLength(64), v.transform(storedAccelerator), v.string('not a global shortcut')),
);

/**
 * The shortcuts of a new user: no layout types with Shift and a function key, and no desktop takes them. Those of
 * before 0.2 were Ctrl+Alt and a letter, which is AltGr on Windows.
 */
export const defaultHotkeys = {
  record: 'CommandOrControl+Shift+F9',
  stop: 'CommandOrControl+Shift+F10',
  pause: null,
  resume: null,
  mark: 'CommandOrControl+Shift+F11',
  'toggle-window': 'CommandOrControl+Shift+F12',
} as const satisfies Record<HotkeyAction, string | null>;

/** What {@link defaultHotkeys} were in the files of generation 1. */
export const formerHotkeys: Readonly<Partial<Record<HotkeyAction, string>>> = {
  record: 'CommandOrControl+Alt+R',
  stop: 'CommandOrControl+Alt+S',
  mark: 'CommandOrControl+Alt+M',
  'toggle-window': 'CommandOrControl+Alt+L',
};

const nameTemplate = v.pipe(shortText(200), v.check(isNameTemplate, 'not a template'));

/** The line as it is stored and as a window sends it; both parts may be absent (API reference §1). */
const lineSchema = v.object({
  directoryNumber: nameOrNothing(64),
  deviceName: nameOrNothing(128),
  mode: v.picklist(['media-forking', 'dial-in']),
});

/** The same from a window: what belongs to no line is refused rather than dropped. */
export const lineArgumentsSchema = v.strictObject(lineSchema.entries);

/** Where on the desktop the window was, in device-independent pixels. */
const windowPlaceSchema = v.object({
  x: wholeNumber(-100_000, 100_000),
  y: wholeNumber(-100_000, 100_000),
  width: wholeNumber(360, 20_000),
  height: wholeNumber(480, 20_000),
});

/**
 * Everything that is remembered in `settings.json`. No secret and no call data ever belongs here.
 * Each group has its defaults, so that a file written by an older version stays readable.
 *
 * What belongs to the user of the recording server changes when somebody else signs in; the rest belongs to the
 * account of the computer.
 *
 * | what | whose | when another user signs in |
 * | --- | --- | --- |
 * | `account` | the user's | replaced |
 * | `line` | the user's | the one remembered for the new user, else none |
 * | `lines` | each entry one user's, known by a hash | the former user's line is added |
 * | `keep.folder` | the user's: a folder may be named after a case | forgotten |
 * | `keep.template`, `hotkeys`, `hotkeyDefaults`, `notifications`, `appearance`, `polling`, `recording`, `player`, `window` | the computer's | stays |
 *
 * Unfinished saves, recordings under way and unconfirmed ones are kept by account in files of their own; recent
 * recordings, audio and the refused password are in memory and go with the session.
 */
export const settingsSchema = v.object({
  version: v.optional(v.literal(1), 1),
  account: v.optional(
    v.object({
      serverAddress: nameOrNothing(2048),
      username: nameOrNothing(256),
      /** Whether the password is in the OS keychain. */
      remember: v.boolean(),
    }),
    { serverAddress: null, username: null, remember: false },
  ),
  line: v.optional(lineSchema, { directoryNumber: null, deviceName: null, mode: 'media-forking' }),
  /** The lines of users who were signed in before, newest last. */
  lines: v.optional(
    v.pipe(
      v.array(v.object({ scope: v.pipe(v.string(), v.maxLength(64)), line: lineSchema })),
      v.maxLength(maxLines),
    ),
    [],
  ),
  hotkeys: v.optional(
    v.pipe(
      v.object({
        record: v.optional(accelerator, defaultHotkeys.record),
        stop: v.optional(accelerator, defaultHotkeys.stop),
        pause: v.optional(accelerator, defaultHotkeys.pause),
        resume: v.optional(accelerator, defaultHotkeys.resume),
        mark: v.optional(accelerator, defaultHotkeys.mark),
        'toggle-window': v.optional(accelerator, defaultHotkeys['toggle-window']),
      }),
      v.check((hotkeys) => repeatedAccelerator(Object.values(hotkeys)) === null, 'one shortcut twice'),
    ),
    {},
  ),
  /** Which defaults the file was written with, so that what the user never chose can follow them. */
  hotkeyDefaults: v.optional(v.picklist([1, 2]), 1),
  notifications: v.optional(
    v.object({
      started: v.optional(v.boolean(), true),
      stopped: v.optional(v.boolean(), true),
      marked: v.optional(v.boolean(), true),
      saved: v.optional(v.boolean(), true),
      refused: v.optional(v.boolean(), true),
      unknown: v.optional(v.boolean(), true),
      recovered: v.optional(v.boolean(), true),
      'pause-reminder': v.optional(v.boolean(), true),
      /** Short generated sounds for start and stop. */
      sounds: v.optional(v.boolean(), false),
    }),
    {},
  ),
  appearance: v.optional(
    v.object({
      theme: v.optional(v.picklist(['system', 'light', 'dark']), 'system'),
      /** Open the window when RecLight starts, rather than only the tray icon. */
      showAtStart: v.optional(v.boolean(), true),
      /** Start RecLight when the user logs in to the computer. */
      startAtLogin: v.optional(v.boolean(), false),
    }),
    {},
  ),
  polling: v.optional(
    v.object({
      /** While something is happening, ms. */
      activeMs: v.optional(wholeNumber(1_000, 10_000), 2_000),
      /** With the window visible, ms. */
      visibleMs: v.optional(wholeNumber(2_000, 60_000), 5_000),
      /** Otherwise, ms. */
      hiddenMs: v.optional(wholeNumber(5_000, 120_000), 10_000),
    }),
    {},
  ),
  recording: v.optional(
    v.object({
      /** How long *Record next call* waits, in minutes. */
      waitMinutes: v.optional(wholeNumber(1, 60), 10),
      /** Resume a paused recording by itself after so many seconds; null: never. */
      autoResumeSeconds: v.optional(v.nullable(wholeNumber(10, 3_600)), null),
    }),
    {},
  ),
  player: v.optional(
    v.object({
      /** 0 to 1. */
      volume: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
      /** 0.5 to 3. */
      speed: v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(3)), 1),
      /** Audio kept in memory, in megabytes. */
      cacheMegabytes: v.optional(wholeNumber(16, 1_024), 128),
    }),
    {},
  ),
  keep: v.optional(
    v.object({
      /** What saved files are named: see {@link isNameTemplate}. */
      template: v.optional(nameTemplate, defaultNameTemplate),
      /** Where the user saved last, for the next dialog to begin at. */
      folder: v.optional(v.nullable(v.pipe(v.string(), v.nonEmpty(), v.maxLength(4_096))), null),
    }),
    {},
  ),
  window: v.optional(v.nullable(windowPlaceSchema), null),
});

/** See {@link settingsSchema}. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/** The settings of a new user. */
export function defaultSettings(): Settings {
  return v.parse(settingsSchema, { hotkeyDefaults: 2 });
}

/** The groups that a window may change itself; the account changes only by signing in and out. */
export const settingsPatchSchema = v.strictObject({
  line: v.optional(v.partial(lineArgumentsSchema)),
  hotkeys: v.optional(
    v.partial(
      v.strictObject({
        record: accelerator,
        stop: accelerator,
        pause: accelerator,
        resume: accelerator,
        mark: accelerator,
        'toggle-window': accelerator,
      }),
    ),
  ),
  notifications: v.optional(
    v.partial(
      v.strictObject({
        started: v.boolean(),
        stopped: v.boolean(),
        marked: v.boolean(),
        saved: v.boolean(),
        refused: v.boolean(),
        unknown: v.boolean(),
        recovered: v.boolean(),
        'pause-reminder': v.boolean(),
        sounds: v.boolean(),
      }),
    ),
  ),
  appearance: v.optional(
    v.partial(
      v.strictObject({
        theme: v.picklist(['system', 'light', 'dark']),
        showAtStart: v.boolean(),
        startAtLogin: v.boolean(),
      }),
    ),
  ),
  polling: v.optional(
    v.partial(
      v.strictObject({
        activeMs: wholeNumber(1_000, 10_000),
        visibleMs: wholeNumber(2_000, 60_000),
        hiddenMs: wholeNumber(5_000, 120_000),
      }),
    ),
  ),
  recording: v.optional(
    v.partial(
      v.strictObject({
        waitMinutes: wholeNumber(1, 60),
        autoResumeSeconds: v.nullable(wholeNumber(10, 3_600)),
      }),
    ),
  ),
  player: v.optional(
    v.partial(
      v.strictObject({
        volume: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        speed: v.pipe(v.number(), v.minValue(0.5), v.maxValue(3)),
        cacheMegabytes: wholeNumber(16, 1_024),
      }),
    ),
  ),
  /** A window may forget the folder, never name one: folders come from the OS's own dialogs. */
  keep: v.optional(v.partial(v.strictObject({ template: nameTemplate, folder: v.null() }))),
});

/** See {@link settingsPatchSchema}. */
export type SettingsPatch = v.InferOutput<typeof settingsPatchSchema>;

/** What a patch leaves out, or gives as undefined, stays. */
function patched<Group extends object>(group: Group, patch: object | undefined): Group {
  const given = Object.entries(patch ?? {}).filter(([, value]) => value !== undefined);
  return { ...group, ...Object.fromEntries(given) };
}

/** Settings with a window's changes merged in, group by group. */
export function withPatch(settings: Settings, patch: SettingsPatch): Settings {
  return {
    ...settings,
    line: patched(settings.line, patch.line),
    hotkeys: patched(settings.hotkeys, patch.hotkeys),
    notifications: patched(settings.notifications, patch.notifications),
    appearance: patched(settings.appearance, patch.appearance),
    polling: patched(settings.polling, patch.polling),
    recording: patched(settings.recording, patch.recording),
    player: patched(settings.player, patch.player),
    keep: patched(settings.keep, patch.keep),
  };
}
