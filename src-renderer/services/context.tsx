import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';

import type { WindowApi } from '@shared/ipc/contract';
import type { Snapshot } from '@shared/ipc/snapshot';
import type { Mirror, MirrorState, Reading } from './mirror';
import type { Ticker } from './ticker';
import type { UiState, UiStore } from './ui';

/** What every component may reach. */
export interface WindowServices {
  readonly api: WindowApi;
  readonly mirror: Mirror;
  readonly ui: UiStore;
  readonly ticker: Ticker;
}

const ServicesContext = createContext<WindowServices | null>(null);

/** Gives the services to the components below it. */
export const ServicesProvider = ServicesContext.Provider;

/**
 * The window's services.
 * @throws Error outside {@link ServicesProvider}
 */
export function useServices(): WindowServices {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('No window services above this component');
  return services;
}

/** The way to the main process. */
export function useApi(): WindowApi {
  return useServices().api;
}

/** A part of the mirror's state. */
export function useMirror<Part>(select: (state: MirrorState) => Part): Part {
  return useStore(useServices().mirror.store, select);
}

/**
 * The newest reading.
 * @throws Error before the first snapshot: components below the app's frame are not rendered until then
 */
export function useReading(): Reading {
  return useMirror(({ reading }) => {
    if (reading === null) throw new Error('No snapshot yet');
    return reading;
  });
}

/** A part of the newest snapshot; select objects that the snapshot itself holds, not new ones. */
export function useSnapshot<Part>(select: (snapshot: Snapshot) => Part): Part {
  return useMirror(({ reading }) => {
    if (reading === null) throw new Error('No snapshot yet');
    return select(reading.snapshot);
  });
}

/** The locale for `Intl`. */
export function useLocale(): string {
  return useSnapshot((snapshot) => snapshot.environment.locale);
}

/** A part of the view state. */
export function useUi<Part>(select: (state: UiState) => Part): Part {
  return useStore(useServices().ui, select);
}

const nothingToEnd = () => undefined;

/**
 * The monotonic time of the last tick, ms; renders again at each.
 * @param phaseMs where in the second to tick; null: not at all
 */
export function useTick(phaseMs: number | null): number {
  const { ticker } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => (phaseMs === null ? nothingToEnd : ticker.subscribe(phaseMs, listener)),
    [ticker, phaseMs],
  );
  return useSyncExternalStore(subscribe, ticker.now);
}
