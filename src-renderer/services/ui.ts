import { createStore, type StoreApi } from 'zustand/vanilla';

import type { Direction, RecordingSummary } from '@shared/domain/recording';

/** The views of the one window. */
type View = 'main' | 'settings';

/** The tabs of the settings. */
export type SettingsTab =
  'account' | 'line' | 'shortcuts' | 'notifications' | 'appearance' | 'connection' | 'about';

/** How long a recording may be. */
export type LengthChoice = 'all' | 'short' | 'minute' | 'minutes' | 'long' | 'longest';

/** Periods that go with the day. */
export type Period = 'today' | 'yesterday' | 'this-week';

/** What the list is narrowed to, as the user entered it. */
export interface ListFilters {
  /** As typed. */
  readonly remoteNumber: string;
  /** null: the dates below count. */
  readonly period: Period | null;
  /** `YYYY-MM-DD` in the user's time zone, included; empty: no bound. */
  readonly from: string;
  /** `YYYY-MM-DD` in the user's time zone, included; empty: no bound. */
  readonly to: string;
  readonly direction: Direction | 'all';
  /** As typed. */
  readonly localLine: string;
  readonly length: LengthChoice;
}

/** No filter at all. */
export const noFilters: ListFilters = {
  remoteNumber: '',
  period: null,
  from: '',
  to: '',
  direction: 'all',
  localLine: '',
  length: 'all',
};

/** What only this window knows; lost with it, and nothing is missed. */
export interface UiState {
  readonly view: View;
  readonly settingsTab: SettingsTab;
  readonly filters: ListFilters;
  /** The recording with the row cursor. */
  readonly selectedId: string | null;
  /** What the player has loaded; `request` grows each time it is asked to play. */
  readonly loaded: { readonly recording: RecordingSummary; readonly request: number } | null;
  /** The recording whose player is drawn: a moment later than it is loaded, so that its sound comes first. */
  readonly playingId: string | null;
  readonly detailsOf: RecordingSummary | null;
  /** Where each recording was left, s, by its id in lower case. */
  readonly positions: ReadonlyMap<string, number>;
  /** The recording before (-1) or after (1) one in the list as it is shown; null where there is none. */
  readonly beside: (id: string, step: 1 | -1) => RecordingSummary | null;
  /** Grows when the user asks for a fresh list. */
  readonly refreshes: number;
  /** Grows with each account that is forgotten: what began before is of one that is gone. */
  readonly resets: number;
  /**
   * The device that sound comes out of, empty: the system's own choice. Of this computer and not of an account, it is
   * kept as long as the window.
   */
  readonly output: string;

  showSettings(tab?: SettingsTab): void;
  showMain(): void;
  setFilters(change: Partial<ListFilters>): void;
  select(id: string | null): void;
  play(recording: RecordingSummary): void;
  closePlayer(): void;
  setPlayingId(id: string | null): void;
  /** @param seconds 0: it begins at its start the next time */
  leaveAt(id: string, seconds: number): void;
  setBeside(beside: UiState['beside']): void;
  setOutput(deviceId: string): void;
  showDetails(recording: RecordingSummary | null): void;
  refresh(): void;
  /** Forgets everything of the account: after signing out nothing of a call may stay in the window. */
  reset(): void;
}

/** See {@link UiState}. */
export type UiStore = StoreApi<UiState>;

/** Makes the window's view state. */
export function createUiStore(): UiStore {
  const initial = {
    view: 'main',
    settingsTab: 'account',
    filters: noFilters,
    selectedId: null,
    loaded: null,
    playingId: null,
    detailsOf: null,
    positions: new Map<string, number>(),
    refreshes: 0,
    // Not kept either: it knows the list.
    beside: () => null,
  } as const;
  return createStore<UiState>((set) => ({
    ...initial,
    resets: 0,
    output: '',
    showSettings: (tab) => {
      set((state) => ({ view: 'settings', settingsTab: tab ?? state.settingsTab }));
    },
    showMain: () => {
      set({ view: 'main' });
    },
    setFilters: (change) => {
      set((state) => ({ filters: { ...state.filters, ...change } }));
    },
    select: (selectedId) => {
      set({ selectedId });
    },
    play: (recording) => {
      set((state) => ({
        loaded: { recording, request: (state.loaded?.request ?? 0) + 1 },
        selectedId: recording.id,
      }));
    },
    closePlayer: () => {
      set({ loaded: null });
    },
    setPlayingId: (playingId) => {
      set({ playingId });
    },
    leaveAt: (id, seconds) => {
      set(({ positions }) => {
        const next = new Map(positions);
        if (seconds > 0) next.set(id.toLowerCase(), seconds);
        else next.delete(id.toLowerCase());
        return { positions: next };
      });
    },
    setBeside: (beside) => {
      set({ beside });
    },
    setOutput: (output) => {
      set({ output });
    },
    showDetails: (detailsOf) => {
      set({ detailsOf });
    },
    refresh: () => {
      set((state) => ({ refreshes: state.refreshes + 1 }));
    },
    reset: () => {
      set(({ resets }) => ({ ...initial, resets: resets + 1 }));
    },
  }));
}
