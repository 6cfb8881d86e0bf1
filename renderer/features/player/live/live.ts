import Hls, { type ErrorData, type LevelDetails } from 'hls.js/light';
import { isLost, patienceMs, rateFor } from './pace.ts';
import { addedMs, lastSnOf } from './playlist-length.ts';
import { behindMs, type Look, looked, nextLook, type Published, sincePublishedMs } from './published.ts';

/** A live stream as it is drawn. Positions are ms on the timeline of the stream, moments epoch ms of the gateway. */
export type Live = {
  /** Where it can be watched now: the window one can go back in, and the place to be at to watch it live. */
  fromMs: number;
  edgeMs: number;
  /** How far behind its scene the picture is; null before that is known. */
  behindMs: number | null;
  /** Watched live, as near to the scene as the stream allows; else at some place of the window. */
  following: boolean;
  /** Since when nothing new has come; null while it does. */
  stalledSinceMs: number | null;
  /** The stream has said that nothing more comes. */
  over: boolean;
};

export const notYet: Live = { fromMs: 0, edgeMs: 0, behindMs: null, following: true, stalledSinceMs: null, over: false };

export interface LivePart {
  /** From now on as near to the scene as the stream allows. */
  follow(): void;
  /** The person pauses, or goes to another place. */
  leave(): void;
  /** The nearest place to `positionMs` that can be watched now. */
  within(positionMs: number): number;
  /** The moment at which the picture at `positionMs` was taken. */
  takenAt(positionMs: number): number;
  /** A failure that is fatal for hls.js. Answers whether the stream is waited for: it is begun anew until it comes. */
  failed(data: ErrorData, passing: boolean): boolean;
  stop(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 5_000;
/** The playlist is looked at besides so often at most, and then every 5 s at most. */
const mostLooks = 12;
const lookAgainMs = 5_000;

/** What hls.js is told about live streams. Catching up is done here (pace.ts): its own never begins with less than a second ahead. */
export const liveConfig = {
  lowLatencyMode: true,
  maxLiveSyncPlaybackRate: 1,
  // A stall moves the place to be by a part, not by a whole second that is never won back.
  liveSyncOnStallIncrease: 0.25,
};

/**
 * Follows a live stream: keeps it near its scene, knows how near that is, notices when nothing comes any more, and begins anew until
 * something does, also when its source counts its segments from the start again.
 */
export function followLive(role: {
  hls: Hls;
  video: HTMLVideoElement;
  source: string;
  /** The gateway's time. */
  now(): number;
  tell(live: Live): void;
}): LivePart {
  const { hls, video, source, now, tell } = role;
  let live = notYet;
  let details: LevelDetails | null = null;
  let known: Published | null = null;
  /** The newest part that has come. */
  let newest = '';
  let looks = 0;
  let lookedAtMs = now();
  let looking: ReturnType<typeof setTimeout> | undefined;
  let cameAtMs = now();
  let silence: ReturnType<typeof setTimeout> | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = firstPauseMs;
  const clock = (monotonicMs: number) => now() - performance.now() + monotonicMs;
  const set = (part: Partial<Live>) => {
    live = { ...live, ...part };
    tell(live);
  };

  const segmentMs = () => (details?.fragments.at(-1)?.duration ?? details?.targetduration ?? 1) * 1000;
  /** What the stream says of the wall clock at 0 of its timeline. */
  function wallMs(): number | null {
    const dated = details?.fragments.findLast((fragment) => fragment.programDateTime !== null);
    return dated?.programDateTime ? dated.programDateTime - dated.start * 1000 : null;
  }
  const behind = (positionMs: number, nowMs: number) =>
    known &&
    behindMs(known, { nowMs, positionMs, segmentMs: segmentMs(), wallMs: wallMs(), blocking: details?.canBlockReload ?? false });

  function came(): void {
    cameAtMs = now();
    pauseMs = firstPauseMs;
    clearTimeout(again);
    again = undefined;
    listen();
    if (live.stalledSinceMs !== null) set({ stalledSinceMs: null });
  }

  function listen(): void {
    clearTimeout(silence);
    if (!live.over) silence = setTimeout(silent, patienceMs(segmentMs()));
  }

  function silent(): void {
    set({ stalledSinceMs: cameAtMs });
    // A playlist that waits for its next part may wait long: its source may have begun anew and not be there yet for a long time.
    if (details?.canBlockReload) silence = setTimeout(() => void seeWhetherBegunAnew(), longestPauseMs);
  }

  async function seeWhetherBegunAnew(): Promise<void> {
    const text = details && (await textOf(addressOf(details)));
    if (live.stalledSinceMs === null || !details) return;
    if (text && lastSnOf(text) < details.endSN) beginAnew();
    else silent();
  }

  function beginAnew(): void {
    clearTimeout(again);
    clearTimeout(looking);
    again = undefined;
    known = null;
    details = null;
    looks = 0;
    hls.loadSource(source);
  }

  function waitAndBeginAnew(): void {
    set({ stalledSinceMs: cameAtMs });
    clearTimeout(again);
    again = setTimeout(beginAnew, pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }

  function updated(next: LevelDetails, times: Omit<Look, 'edgeMs'>): void {
    const before = details;
    // A source that began anew counts its segments from the start: nothing of what is known fits any more.
    if (before && addressOf(next) === addressOf(before) && next.endSN < before.endSN) {
      beginAnew();
      return;
    }
    details = next;
    const last = newestOf(next);
    if (!next.live) {
      clearTimeout(silence);
      clearTimeout(looking);
      set({ over: true, stalledSinceMs: null, edgeMs: next.edge * 1000 });
      return;
    }
    if (last !== newest) came();
    newest = last;
    known = looked(known, { ...times, edgeMs: next.edge * 1000 });
    set({ fromMs: next.fragmentStart * 1000, edgeMs: (hls.liveSyncPosition ?? next.edge) * 1000 });
    planLook();
    keepPace();
  }

  /** Plain HLS does not say when a segment appeared: a few more looks at the playlist find out. */
  function planLook(): void {
    clearTimeout(looking);
    if (!known || !details || details.canBlockReload) return;
    if (looks >= mostLooks && now() - lookedAtMs < lookAgainMs) return;
    const atMs = nextLook(known, segmentMs(), now());
    if (atMs !== null) looking = setTimeout(() => void look(), atMs - now());
  }

  async function look(): Promise<void> {
    const of = details;
    if (!of) return;
    looks += 1;
    const askedMs = now();
    lookedAtMs = askedMs;
    const text = await textOf(addressOf(of));
    if (text === null || known === null || details !== of) return;
    known = looked(known, { askedMs, answeredMs: now(), edgeMs: of.edge * 1000 + addedMs(text, of.endSN) });
  }

  function keepPace(): void {
    const positionMs = video.currentTime * 1000;
    set({ behindMs: behind(positionMs, now()) });
    const { targetLatency, liveSyncPosition } = hls;
    if (!live.following || live.over || video.paused || video.seeking || targetLatency === null) {
      if (video.playbackRate !== 1) video.playbackRate = 1;
      return;
    }
    const published = known && !details?.canBlockReload ? sincePublishedMs(known, now(), positionMs) : null;
    const pace = { behindMs: published ?? hls.latency * 1000, targetMs: targetLatency * 1000 };
    if (live.stalledSinceMs === null && liveSyncPosition !== null && isLost(pace, segmentMs())) {
      if (liveSyncPosition > video.currentTime + 1) video.currentTime = liveSyncPosition;
      return;
    }
    const rate = rateFor({ ...pace, aheadMs: aheadMs(video), rate: video.playbackRate });
    if (rate !== video.playbackRate) video.playbackRate = rate;
  }

  // hls.js itself hears of this first: by now the playlist has its place on the timeline.
  hls.on(Hls.Events.LEVEL_LOADED, (_name, { details: next, stats: { loading } }) => {
    if (next.playlistParsingError === null) updated(next, { askedMs: clock(loading.start), answeredMs: clock(loading.end) });
  });
  hls.on(Hls.Events.ERROR, (_name, { details: what, fatal }) => {
    // The source began anew in the middle of what was known of it.
    if (what === Hls.ErrorDetails.LEVEL_PARSING_ERROR && !fatal && again === undefined) again = setTimeout(beginAnew, 0);
  });
  video.addEventListener('timeupdate', keepPace);
  listen();

  return {
    follow() {
      set({ following: true });
      if (hls.liveSyncPosition !== null) video.currentTime = hls.liveSyncPosition;
    },
    leave() {
      set({ following: false });
      if (video.playbackRate !== 1) video.playbackRate = 1;
    },
    within: (positionMs) => Math.min(Math.max(positionMs, live.fromMs + 200), live.edgeMs),
    takenAt: (positionMs) => {
      const nowMs = now();
      return nowMs - (behind(positionMs, nowMs) ?? 0);
    },
    failed(data, passing) {
      if (live.over) return false;
      if (data.type === Hls.ErrorTypes.NETWORK_ERROR && !passing) return false;
      waitAndBeginAnew();
      return true;
    },
    stop() {
      for (const timer of [silence, looking, again]) clearTimeout(timer);
      video.removeEventListener('timeupdate', keepPace);
    },
  };
}

/** Where a playlist lies, without what it was asked for. */
function addressOf({ url }: LevelDetails): string {
  return url.replace(/\?.*$/, '');
}

function newestOf({ endSN, lastPartIndex, fragments }: LevelDetails): string {
  return `${endSN} ${lastPartIndex} ${fragments.at(-1)?.relurl ?? ''}`;
}

/** A playlist as it is now; null if it cannot be had. */
function textOf(url: string): Promise<string | null> {
  return fetch(url).then(
    (answer) => (answer.ok ? answer.text() : null),
    () => null,
  );
}

function aheadMs({ buffered, currentTime }: HTMLVideoElement): number {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= currentTime + 0.1 && currentTime < buffered.end(index))
      return (buffered.end(index) - currentTime) * 1000;
  }
  return 0;
}
