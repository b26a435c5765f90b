import type { SoundView } from '@shared/ipc/snapshot';

/** Two short notes each, Hz: rising when a recording starts, falling when it stops. */
const notes: Readonly<Record<SoundView['kind'], readonly [number, number]>> = {
  start: [659.26, 880],
  stop: [880, 587.33],
};

const noteSeconds = 0.09;
const loudness = 0.09;

/**
 * Plays the sound of a start or a stop; made here, of sine waves.
 * @param kind which
 */
export function playSound(kind: SoundView['kind']): void {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.gain.value = 0;
  gain.connect(context.destination);
  const oscillator = context.createOscillator();
  oscillator.connect(gain);
  const begin = context.currentTime + 0.02;
  notes[kind].forEach((frequency, index) => {
    const from = begin + index * noteSeconds;
    oscillator.frequency.setValueAtTime(frequency, from);
    gain.gain.setTargetAtTime(loudness, from, 0.008);
    gain.gain.setTargetAtTime(0, from + noteSeconds * 0.7, 0.015);
  });
  oscillator.onended = () => void context.close();
  oscillator.start(begin);
  oscillator.stop(begin + noteSeconds * 2 + 0.15);
}
