import Hls, { type FragmentLoaderConstructor } from 'hls.js/light';
import videojs from 'video.js/core';
import { liveConfig } from './live/live.ts';
import { WholePartLoader } from './whole-parts.ts';

type Tech = { el(): HTMLVideoElement };
type SourceHandler = {
  canPlayType(type: string): '' | 'probably';
  canHandleSource(source: { type: string }): '' | 'probably';
  handleSource(source: { src: string }, tech: Tech): { dispose(): void; duration(): number };
};

export const playlistType = 'application/vnd.apple.mpegurl';
/** What is kept ahead at the speed of the recording (s). */
export const bufferSeconds = 10;

const fewTries = (maxLoadTimeMs: number) => ({
  default: {
    // Longer than the gateway waits for a source: its word says more than our own impatience.
    maxTimeToFirstByteMs: 20_000,
    maxLoadTimeMs,
    timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
    errorRetry: { maxNumRetry: 3, retryDelayMs: 500, maxRetryDelayMs: 2_000 },
  },
});

/** Makes hls.js the HLS engine of video.js' tech. One page plays one source, so the handler is registered once. */
export function registerHls(live: boolean, onMade: (hls: Hls) => void): void {
  const handles = (type: string) => (type === playlistType ? 'probably' : '');
  const handler: SourceHandler = {
    canPlayType: handles,
    canHandleSource: ({ type }) => handles(type),
    handleSource({ src }, tech) {
      const media = tech.el();
      const hls = new Hls({
        enableWorker: false,
        startFragPrefetch: true,
        // A recording whose end is missing looks like a stream: it begins at its beginning all the same.
        startPosition: 0,
        ...(live && { startPosition: -1, ...liveConfig }),
        maxBufferLength: bufferSeconds,
        // Without it a low declared bandwidth lets 600 s be fetched ahead.
        maxMaxBufferLength: bufferSeconds,
        backBufferLength: 10,
        manifestLoadPolicy: fewTries(20_000),
        playlistLoadPolicy: fewTries(20_000),
        fragLoadPolicy: fewTries(60_000),
        keyLoadPolicy: fewTries(20_000),
        fLoader: WholePartLoader as unknown as FragmentLoaderConstructor,
      });
      onMade(hls);
      hls.attachMedia(media);
      hls.loadSource(src);
      return { dispose: () => hls.destroy(), duration: () => media.duration };
    },
  };
  (
    videojs.getTech('Html5') as unknown as { registerSourceHandler(handler: SourceHandler, index: number): void }
  ).registerSourceHandler(handler, 0);
}
