import * as v from 'valibot';

import type { Result } from '../shared/errors';
import { fail, succeed } from '../shared/errors';
import type { Settings, SettingsPatch } from '../shared/settings';
import { defaultSettings, settingsSchema } from '../shared/settings';
import { isOtherUser, lineFor, withOwnLine } from '../shared/user-line';
import { createEmitter } from './emitter';
import { loadDocument, saveDocument } from './json-document';
import type { Policy } from './policy';
import { applyPolicy, managedSettings } from './policy';
import type { Disposable, DocumentFile } from './ports';

/** What the user has set, kept in `settings.json`. */
export interface SettingsService {
  /** Reads the file. @returns the name under which a damaged one was kept, or null */
  load(): Promise<string | null>;
  /** What is in force: the user's settings with the administrator's laid over them. */
  current(): Settings;
  /** The user's own settings alone, as they are in the file. */
  own(): Settings;
  /** From now on, and never written into the user's own file. */
  setPolicy(policy: Policy): void;
  /** The settings that the administrator has fixed, as `group.name`. */
  managed(): readonly string[];
  /** Merges a window's changes, group by group, and saves; `settings-unwritable` leaves them in force until quit. */
  update(patch: SettingsPatch): Promise<Result<null>>;
  /**
   * Who is signed in, or was. Nothing of another user's is taken over: without a line it is the one remembered for this
   * user, else none.
   */
  setAccount(account: Settings['account'], line?: Settings['line']): Promise<Result<null>>;
  /** Where the user saved last. */
  setKeepFolder(folder: string): Promise<Result<null>>;
  /** Forgets the place where it is one that the file could not hold. */
  setWindowPlace(place: Settings['window']): Promise<Result<null>>;
  onChange(listener: (settings: Settings) => void): Disposable;
  /** Called when something that nobody waits for an answer to could not be saved, and when nothing can be. */
  onUnsaved(listener: () => void): Disposable;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

/** Keeps every group of a damaged file that is still sound. */
function salvage(parsed: unknown): Settings {
  const defaults = defaultSettings();
  if (typeof parsed !== 'object' || parsed === null) return defaults;
  const groups = Object.fromEntries(
    Object.entries(parsed).filter(([name, group]) => v.safeParse(settingsSchema, { [name]: group }).success),
  );
  const result = v.safeParse(settingsSchema, groups);
  return result.success ? result.output : defaults;
}

function without<Value extends object>(
  patch: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };
}

/**
 * Makes the settings service.
 * @param file `settings.json` in the user data folder
 */
export function createSettingsService(file: DocumentFile): SettingsService {
  const emitter = createEmitter<[Settings]>();
  const unsaved = createEmitter<[]>();
  let settings = defaultSettings();
  let policy: Policy = {};
  let writing: Promise<Result<null>> = Promise.resolve({ ok: true, value: null });
  let mayWrite = true;

  const change = (next: Settings): Promise<Result<null>> => {
    settings = next;
    emitter.emit(applyPolicy(settings, policy));
    if (!mayWrite) return Promise.resolve(fail('settings-unwritable', 'settings'));
    // One after the other: two atomic writes at once would race for the last word.
    writing = writing.then(() => saveDocument(file, next));
    return writing;
  };

  /** What RecLight writes by itself: there is no command whose answer could tell that it failed. */
  const changeUnasked = async (next: Settings): Promise<Result<null>> => {
    const saved = await change(next);
    if (!saved.ok) unsaved.emit();
    return saved;
  };

  return {
    load: async () => {
      const { value, setAsideAs, ...loaded } = await loadDocument(file, settingsSchema, salvage);
      settings = value;
      mayWrite = loaded.mayWrite;
      if (setAsideAs !== null) await changeUnasked(settings);
      if (!mayWrite) unsaved.emit();
      return setAsideAs;
    },
    current: () => applyPolicy(settings, policy),
    own: () => settings,
    setPolicy: (next) => {
      policy = next;
      emitter.emit(applyPolicy(settings, policy));
    },
    managed: () => managedSettings(policy),
    update: (patch) => {
      const next: Settings = {
        ...settings,
        ...(patch.line === undefined ? {} : { line: patch.line }),
        hotkeys: { ...settings.hotkeys, ...without(patch.hotkeys ?? {}) },
        notifications: { ...settings.notifications, ...without(patch.notifications ?? {}) },
        appearance: { ...settings.appearance, ...without(patch.appearance ?? {}) },
        polling: { ...settings.polling, ...without(patch.polling ?? {}) },
        recording: { ...settings.recording, ...without(patch.recording ?? {}) },
        player: { ...settings.player, ...without(patch.player ?? {}) },
        keep: { ...settings.keep, ...without(patch.keep ?? {}) },
      };
      const { record, stop } = next.hotkeys;
      if (record !== null && record === stop) {
        // Never one key that both starts and stops.
        return Promise.resolve(fail('accelerator-taken', 'settings', { accelerator: record }));
      }
      return change(next);
    },
    setAccount: (account, line) => {
      const { serverAddress, username } = account;
      const isOther = username !== null && isOtherUser(settings, username);
      return changeUnasked({
        ...settings,
        account,
        line: line ?? lineFor(settings, serverAddress ?? '', username ?? ''),
        ...(isOther ? { lines: withOwnLine(settings), keep: { ...settings.keep, folder: null } } : {}),
      });
    },
    setKeepFolder: (folder) => {
      const checked = v.safeParse(settingsSchema.entries.keep, { ...settings.keep, folder });
      // A path that the file could not hold is only not remembered.
      if (!checked.success || settings.keep.folder === folder) return Promise.resolve(succeed(null));
      return changeUnasked({ ...settings, keep: checked.output });
    },
    setWindowPlace: (place) => {
      // A window may be smaller than ours ever is, on a tiny screen: such a place must not spoil the file.
      const checked = v.safeParse(settingsSchema.entries.window, place);
      return changeUnasked({ ...settings, window: checked.success ? checked.output : null });
    },
    onChange: (listener) => emitter.on(listener),
    onUnsaved: (listener) => unsaved.on(listener),
    settled: async () => {
      await writing;
    },
  };
}
