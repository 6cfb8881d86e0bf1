import Hls, { type FragmentLoaderConstructor } from 'hls.js/light';
import videojs from 'video.js/core';
import { firstPlaylist } from './first-playlist.ts';
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

/**
 * Makes hls.js the HLS engine of video.js' tech, and begins to load at once: video.js gives it its media element when that is ready. One page
 * plays one source, so the handler is registered once. `playlist` is the source's text where it has been asked for already.
 */
export function registerHls(
  { source, live, playlist }: { source: string; live: boolean; playlist: Promise<string | null> | null },
  onMade: (hls: Hls) => void,
): void {
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
    ...(playlist && { pLoader: firstPlaylist(playlist) }),
  });
  onMade(hls);
  hls.loadSource(source);
  const handles = (type: string) => (type === playlistType ? 'probably' : '');
  const handler: SourceHandler = {
    canPlayType: handles,
    canHandleSource: ({ type }) => handles(type),
    handleSource(_source, tech) {
      const media = tech.el();
      hls.attachMedia(media);
      return { dispose: () => hls.destroy(), duration: () => media.duration };
    },
  };
  (
    videojs.getTech('Html5') as unknown as { registerSourceHandler(handler: SourceHandler, index: number): void }
  ).registerSourceHandler(handler, 0);
}
