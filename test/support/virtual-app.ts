import { createApp } from '../../src-main/app';
import type { App } from '../../src-main/app';
import { createEmitter } from '../../src-main/core/emitter';
import type { Emitter } from '../../src-main/core/emitter';
import type { Clock, Disposable, DocumentFile, RecorderApi } from '../../src-main/core/ports';
import type { TrayCommand, TrayModel } from '../../src-main/core/tray-model';
import type { WindowCommands } from '../../src-main/core/window-commands';
import { watchNetwork } from '../../src-main/infra/network-watch';
import { fail, succeed } from '../../src-main/shared/errors';
import type { Line } from '../../src-main/shared/recording';
import type { Settings, SettingsPatch } from '../../src-main/shared/settings';
import { snapshotOf } from './examples';
import { MemoryFile, silentLog } from './memory-file';
import { seededRandom } from './virtual-clock';

/** A clock of somebody's own, so that their timers can be told from those of everybody else in the same time. */
export class CountingClock implements Clock {
  /** Timers that are set. */
  pending = 0;
  /** Timers that have woken their owner. */
  fired = 0;

  constructor(readonly clock: Clock) {}

  wallNow(): number {
    return this.clock.wallNow();
  }

  monotonicNow(): number {
    return this.clock.monotonicNow();
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    let isSet = true;
    const unset = () => {
      if (isSet) this.pending -= 1;
      isSet = false;
    };
    this.pending += 1;
    const timer = this.clock.schedule(delayMs, () => {
      unset();
      this.fired += 1;
      callback();
    });
    return {
      dispose: () => {
        unset();
        timer.dispose();
      },
    };
  }
}

/** Who is signed in, where, and over which network. */
export interface VirtualAppOptions {
  readonly clock: Clock;
  readonly api: RecorderApi;
  readonly username: string;
  readonly line: Line;
  /** Settings besides account and line, as settings.json has them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Where saves are remembered; an empty file where it is not given. */
  readonly savesFile?: DocumentFile;
  /** What the keychain answers when it is asked whether it works; it does where this is not given. */
  readonly keychainAvailable?: () => Promise<boolean>;
  /** Whether another program has a shortcut; none has where this is not given. */
  readonly isTaken?: (accelerator: string) => boolean;
}

/** The whole main process without Electron: every service as the app puts them together, on a desktop of stubs. */
export class VirtualApp implements Disposable {
  /** The app's own timers, the look at the network among them. */
  readonly clock: CountingClock;
  readonly recorderFile = new MemoryFile('recorder.json');
  readonly marksFile = new MemoryFile('marks.json');
  /** What a window may ask; null before the start. */
  commands: WindowCommands | null = null;
  /** What the tray shows. */
  model: TrayModel | null = null;
  /** What the settings have made the desktop do, in order. */
  readonly applied: string[] = [];
  #isVisible = false;
  #isFocused = false;
  #placed: (place: NonNullable<Settings['window']>) => void = () => undefined;
  readonly #app: App;
  readonly #commands: Emitter<[TrayCommand]> = createEmitter(silentLog);
  readonly #visibilityChanged: Emitter<[]> = createEmitter(silentLog);
  readonly #looked: Emitter<[]> = createEmitter(silentLog);
  readonly #suspended: Emitter<[]> = createEmitter(silentLog);
  readonly #resumed: Emitter<[]> = createEmitter(silentLog);

  constructor(options: VirtualAppOptions) {
    const { clock, api, username, line } = options;
    this.clock = new CountingClock(clock);
    this.recorderFile.keepWrites = false;
    this.marksFile.keepWrites = false;
    const account = { serverAddress: 'https://recorder.example', username, remember: true };
    const connection = {
      account,
      api,
      remember: () => Promise.resolve(succeed(null)),
      close: () => {},
    };
    const settings = JSON.stringify({
      appearance: { showAtStart: false },
      ...options.settings,
      account,
      line,
    });
    const nobody = createEmitter<[]>(silentLog);
    const nothing = { dispose: () => {} };
    this.#app = createApp({
      clock: this.clock,
      random: seededRandom(1),
      log: silentLog,
      connector: () =>
        Promise.resolve({
          normaliseAddress: (address) => succeed(address),
          connect: (signingIn) => ({ ...connection, account: signingIn }),
          reconnect: () => Promise.resolve(succeed(connection)),
          forget: () => Promise.resolve(succeed(null)),
          keychainAvailable: options.keychainAvailable ?? (() => Promise.resolve(true)),
        }),
      documents: {
        settings: new MemoryFile('settings.json', settings),
        latch: new MemoryFile('latch.json'),
        recorder: this.recorderFile,
        marks: this.marksFile,
        saves: options.savesFile ?? new MemoryFile('saves.json'),
      },
      hotkeys: {
        isUnproven: false,
        register: (accelerator) => {
          if (options.isTaken?.(accelerator) === true) {
            this.applied.push(`?${accelerator}`);
            return { code: 'accelerator-taken', operation: 'hotkey', detail: {} };
          }
          this.applied.push(`+${accelerator}`);
          return null;
        },
        unregister: (accelerator) => {
          this.applied.push(`-${accelerator}`);
        },
        ...nothing,
      },
      notifier: () => ({ show: () => {}, clear: () => {}, ...nothing }),
      tray: () => ({
        show: (model) => {
          this.model = model;
        },
        onCommand: (listener) => this.#commands.on(listener),
        onToggle: (listener) => nobody.on(listener),
        onLook: (listener) => this.#looked.on(listener),
        ...nothing,
      }),
      windows: (_settings, placed) => ({
        prepare: () => {
          this.#placed = placed;
        },
        painted: () => Promise.resolve(),
        show: () => {},
        showWithoutFocus: () => {},
        hide: () => {},
        toggle: () => {},
        isVisible: () => this.#isVisible,
        isFocused: () => this.#isFocused,
        broadcast: () => {},
        onVisibilityChange: (listener) => this.#visibilityChanged.on(listener),
        confirmDrawn: () => {},
        ...nothing,
      }),
      system: () => {
        const nudged = createEmitter<[]>(silentLog);
        const network = watchNetwork(this.clock, () => {
          nudged.emit();
        });
        return {
          onSuspend: (listener) => this.#suspended.on(listener),
          onResume: (listener) => this.#resumed.on(listener),
          onNudge: (listener) => nudged.on(listener),
          onCommandLine: () => nothing,
          dispose: () => {
            network.dispose();
          },
        };
      },
      desktop: {
        copyText: () => {},
        setTheme: (theme) => {
          this.applied.push(`theme ${theme}`);
        },
        setStartAtLogin: (enabled) => {
          this.applied.push(`start at login ${enabled}`);
        },
        openPage: () => Promise.resolve(fail('browser-unavailable', 'file')),
        quit: () => {},
      },
      keep: {
        files: {
          create: () => Promise.resolve(fail('file-unwritable', 'file')),
          sweep: () => Promise.resolve(),
          ...nothing,
        },
        dialogs: {
          chooseFile: () => Promise.resolve(null),
          chooseFolder: () => Promise.resolve(null),
          showFile: () => {},
        },
        makeWorkbook: () => Promise.reject(new Error('not here')),
        makeArchive: () => Promise.reject(new Error('Nothing is exported here')),
        print: () => Promise.resolve(fail('file-unwritable', 'file')),
        digest: () => '',
      },
      startDigest: () => ({ add: () => {}, finish: () => '' }),
      readPolicy: () => Promise.resolve(null),
      environment: snapshotOf().environment,
      hasTray: () => Promise.resolve(true),
      onTrayHost: () => ({ dispose: () => undefined }),
      serve: (commands) => {
        this.commands = commands;
        return nothing;
      },
    });
  }

  /** Starts it; who is remembered is signed in without being asked. */
  async start(): Promise<void> {
    await this.#app.load([]);
    await this.#app.start([]);
  }

  /** A press in the tray's menu. */
  press(kind: 'record' | 'stop'): void {
    this.#commands.emit({ kind });
  }

  /** The window comes up. */
  showWindow(): void {
    this.#isVisible = true;
    this.#visibilityChanged.emit();
  }

  /** The window gets the keyboard, or another one does. */
  focusWindow(isFocused: boolean): void {
    this.#isFocused = isFocused;
    this.#visibilityChanged.emit();
  }

  /** The pointer comes over the tray icon, or its menu opens. */
  lookAtTray(): void {
    this.#looked.emit();
  }

  /** The user has moved the window. */
  moveWindow(x: number): void {
    this.#placed({ x, y: 0, width: 400, height: 640 });
  }

  /** A change in the window's settings. */
  changeSettings(patch: SettingsPatch): void {
    void this.commands?.updateSettings(patch);
  }

  suspend(): void {
    this.#suspended.emit();
  }

  resume(): void {
    this.#resumed.emit();
  }

  /** Resolves when all that must survive a restart is written. */
  settled(): Promise<void> {
    return this.#app.settled();
  }

  dispose(): void {
    this.#app.dispose();
  }
}
