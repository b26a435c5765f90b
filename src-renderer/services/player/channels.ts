/** What is heard of a stereo recording; `mixed`: both sides in each ear, for whoever wears one. */
export const sides = ['both', 'left', 'right', 'mixed'] as const;

/** See {@link sides}. */
export type Side = (typeof sides)[number];

/** Lets one side of an audio element be heard on both ears, or both sides on each. */
export interface SideChoice {
  choose(side: Side): void;
  /** Whether sound comes out of one loudspeaker only, where it comes out now. */
  isMono(): Promise<boolean>;
  /** Where sound comes out; the empty text is the system's own choice. */
  setOutput(deviceId: string): Promise<void>;
  dispose(): void;
}

/** As much of an audio context as the compiler's library does not know yet. */
type ContextWithOutput = AudioContext & { setSinkId?(deviceId: string): Promise<void> };

/**
 * Makes the choice for one element. The sound takes its way through an audio graph from the first choice of one side
 * on, and not before: until then nothing stands between element and loudspeaker.
 * @param audio whose sound must be readable: same origin, or allowed by its server
 */
export function createSideChoice(audio: HTMLAudioElement): SideChoice {
  let output = '';

  const open = () => {
    const context: ContextWithOutput = new AudioContext({ latencyHint: 'playback' });
    const source = context.createMediaElementSource(audio);
    const splitter = context.createChannelSplitter(2);
    // A splitter takes channels as they are, and would leave the right side of a mono recording empty.
    const stereo = context.createGain();
    stereo.channelCount = 2;
    stereo.channelCountMode = 'explicit';
    stereo.channelInterpretation = 'speakers';
    stereo.connect(splitter);
    const mono = context.createGain();
    // Both sides meet in one channel, which is heard on both ears.
    mono.channelCount = 1;
    mono.channelCountMode = 'explicit';
    const gains = { left: context.createGain(), right: context.createGain() };
    splitter.connect(gains.left, 0).connect(mono);
    splitter.connect(gains.right, 1).connect(mono);
    source.connect(stereo);
    mono.connect(context.destination);
    if (output !== '') void context.setSinkId?.(output);
    return { context, gains, source, stereo, mono };
  };

  let opened: ReturnType<typeof open> | null = null;
  return {
    choose: (side) => {
      if (opened === null && side === 'both') return;
      opened ??= open();
      const { context, source, stereo, mono, gains } = opened;
      source.disconnect();
      mono.disconnect();
      if (side === 'both') {
        source.connect(context.destination);
      } else if (side === 'mixed') {
        // Into one channel, each at half its strength: together they never become too loud.
        source.connect(mono);
        mono.connect(context.destination);
      } else {
        gains.left.gain.value = side === 'left' ? 1 : 0;
        gains.right.gain.value = side === 'right' ? 1 : 0;
        source.connect(stereo);
        mono.connect(context.destination);
      }
      void context.resume();
    },
    isMono: async () => {
      const context: ContextWithOutput = opened?.context ?? new AudioContext();
      try {
        if (opened === null && output !== '') await context.setSinkId?.(output);
        return context.destination.maxChannelCount === 1;
      } catch {
        // A device that refuses is none that sound comes out of.
        return false;
      } finally {
        if (context !== opened?.context) void context.close();
      }
    },
    setOutput: async (deviceId) => {
      output = deviceId;
      if (opened === null) await audio.setSinkId(deviceId);
      else await opened.context.setSinkId?.(deviceId);
    },
    dispose: () => {
      void opened?.context.close();
      opened = null;
    },
  };
}
