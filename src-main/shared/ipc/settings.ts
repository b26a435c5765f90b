import * as v from 'valibot';

import { repeatedAccelerator } from '../domain/accelerator';
import { maxLines } from '../domain/user-line';
import { schemasOf, settingTable, storedSchemasOf } from './setting-table';

/** What a hotkey can do. Never one that both starts and stops. */
export const hotkeyActions = [
  'record',
  'stop',
  'pause',
  'resume',
  'mark',
  'toggle-window',
] as const satisfies readonly (keyof typeof settingTable.hotkeys)[];

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

const wholeNumber = (minimum: number, maximum: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(minimum), v.maxValue(maximum));
const nameOrNothing = (maxLength: number) =>
  v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(maxLength), v.nonEmpty()));

/** The shortcuts of a new user. */
export const defaultHotkeys: Readonly<Record<HotkeyAction, string | null>> = Object.fromEntries(
  Object.entries(settingTable.hotkeys).map(([action, { initial }]) => [action, initial]),
) as Record<HotkeyAction, string | null>;

/** The default shortcuts in files of generation 1. */
export const formerHotkeys: Readonly<Partial<Record<HotkeyAction, string>>> = {
  record: 'CommandOrControl+Alt+R',
  stop: 'CommandOrControl+Alt+S',
  mark: 'CommandOrControl+Alt+M',
  'toggle-window': 'CommandOrControl+Alt+L',
};

const lineSchema = v.object(schemasOf(settingTable.line));

/** The line from a window: unknown fields are refused rather than dropped. */
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
 * Settings of the recording server's user change when another user signs in; the rest belong to the computer's account.
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
      v.object(storedSchemasOf(settingTable.hotkeys)),
      v.check((hotkeys) => repeatedAccelerator(Object.values(hotkeys)) === null, 'one shortcut twice'),
    ),
    {},
  ),
  /** Which defaults the file was written with, so that what the user never chose can follow them. */
  hotkeyDefaults: v.optional(v.picklist([1, 2]), 1),
  notifications: v.optional(v.object(storedSchemasOf(settingTable.notifications)), {}),
  appearance: v.optional(v.object(storedSchemasOf(settingTable.appearance)), {}),
  polling: v.optional(v.object(storedSchemasOf(settingTable.polling)), {}),
  recording: v.optional(v.object(storedSchemasOf(settingTable.recording)), {}),
  player: v.optional(v.object(storedSchemasOf(settingTable.player)), {}),
  keep: v.optional(v.object(storedSchemasOf(settingTable.keep)), {}),
  window: v.optional(v.nullable(windowPlaceSchema), null),
});

/** See {@link settingsSchema}. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/** The settings of a new user. */
export function defaultSettings(): Settings {
  return v.parse(settingsSchema, { hotkeyDefaults: 2 });
}

/** What may be changed of a group: some of it, and nothing else. */
const patchOf = <Schemas extends v.ObjectEntries>(schemas: Schemas) =>
  v.optional(v.partial(v.strictObject(schemas)));

/** The groups that a window may change itself; the account changes only by signing in and out. */
export const settingsPatchSchema = v.strictObject({
  line: patchOf(schemasOf(settingTable.line)),
  hotkeys: patchOf(schemasOf(settingTable.hotkeys)),
  notifications: patchOf(schemasOf(settingTable.notifications)),
  appearance: patchOf(schemasOf(settingTable.appearance)),
  polling: patchOf(schemasOf(settingTable.polling)),
  recording: patchOf(schemasOf(settingTable.recording)),
  player: patchOf(schemasOf(settingTable.player)),
  /** A window may forget the folder, never name one: folders come from the OS's own dialogs. */
  keep: patchOf({ ...schemasOf(settingTable.keep), folder: v.null() }),
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
  const groups = Object.keys(settingTable) as readonly (keyof typeof settingTable)[];
  const changed = groups.map((group) => [group, patched(settings[group], patch[group])]);
  return { ...settings, ...Object.fromEntries(changed) };
}
