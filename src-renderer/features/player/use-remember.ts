import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';

import { useApi } from '../../services/context';
import type { Playback } from '../../services/player/playback';

/** How long volume and speed must rest before they are remembered, ms. */
const rememberAfterMs = 400;

/** Remembers volume and speed, once they have come to rest, or their player or window goes. */
export function useRemember(playback: Playback): void {
  const api = useApi();
  const volume = useStore(playback.store, (state) => state.volume);
  const speed = useStore(playback.store, (state) => state.speed);
  const [remembered, setRemembered] = useState({ volume, speed });
  /** Of what has not come to rest. */
  const owed = useRef<(() => void) | null>(null);
  useEffect(() => {
    owed.current = null;
    if (remembered.volume === volume && remembered.speed === speed) return undefined;
    const remember = () => {
      owed.current = null;
      setRemembered({ volume, speed });
      void api.updateSettings({ player: { volume, speed } });
    };
    owed.current = remember;
    const timer = setTimeout(remember, rememberAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, [api, remembered, volume, speed]);
  useEffect(() => {
    const settle = () => owed.current?.();
    window.addEventListener('pagehide', settle);
    return () => {
      window.removeEventListener('pagehide', settle);
      settle();
    };
  }, []);
}
