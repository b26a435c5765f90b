/** Which channels of a stereo recording are played; `mixed`: both in each ear, for one-ear headsets. */
export const channels = ['both', 'left', 'right', 'mixed'] as const;

/** See {@link channels}. */
export type Channel = (typeof channels)[number];

/** Lets one channel of an audio element be heard on both ears, or both channels on each. */
export interface ChannelChoice {
  choose(channel: Channel): void;
  /** Whether sound comes out of one loudspeaker only, where it comes out now. */
  isMono(): Promise<boolean>;
  /** Where sound comes out; the empty text is the system's own choice. */
  setOutput(deviceId: string): Promise<void>;
  dispose(): void;
}

/** As much of an audio context as the compiler's library does not know yet. */
type ContextWithOutput = AudioContext & { setSinkId?(deviceId: string): Promise<void> };

/**
 * Makes the choice for one element. The sound takes its way through an audio graph from the first choice of one channel
 * on, and not before: until then nothing stands between element and loudspeaker.
 * @param audio whose sound must be readable: same origin, or allowed by its server
 */
export function createChannelChoice(audio: HTMLAudioElement): ChannelChoice {
  let output = '';

  const open = () => {
    const context: ContextWithOutput = new AudioContext({ latencyHint: 'playback' });
    const source = context.createMediaElementSource(audio);
    const splitter = context.createChannelSplitter(2);
    // A splitter takes channels as they are, and would leave the right channel of a mono recording empty.
    const stereo = context.createGain();
    stereo.channelCount = 2;
    stereo.channelCountMode = 'explicit';
    stereo.channelInterpretation = 'speakers';
    stereo.connect(splitter);
    const mono = context.createGain();
    // Both channels meet in one channel, which is heard on both ears.
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
    choose: (channel) => {
      if (opened === null && channel === 'both') return;
      opened ??= open();
      const { context, source, stereo, mono, gains } = opened;
      source.disconnect();
      mono.disconnect();
      if (channel === 'both') {
        source.connect(context.destination);
      } else if (channel === 'mixed') {
        // Into one channel, each at half its strength: together they never become too loud.
        source.connect(mono);
        mono.connect(context.destination);
      } else {
        gains.left.gain.value = channel === 'left' ? 1 : 0;
        gains.right.gain.value = channel === 'right' ? 1 : 0;
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
