import Hls, { type ErrorData, type Fragment } from 'hls.js/light';
import videojs from 'video.js/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Range } from '../../../contract/coverage.ts';
import { judgeDamage, judgeDecoder, rememberTimes, type Trouble } from './damage.ts';
import { createStepper } from './frames.ts';
import { bufferSeconds, playlistType, registerHls } from './hls-source.ts';
import { followLive, type Live, type LivePart, notYet } from './live/live.ts';
import { createPace } from './pace.ts';
import type { Recorder } from './recorder.ts';

/** Playback as it is drawn. Times are ms into the recording, or on the timeline of a live stream. */
export type Playback = {
  phase: 'loading' | 'ready' | 'blank';
  playing: boolean;
  waiting: boolean;
  finished: boolean;
  positionMs: number;
  durationMs: number;
  bufferedUntilMs: number;
  speed: number;
  /** null for a recording. */
  live: Live | null;
  trouble: Trouble | null;
  /** The last part that was missing and left out. */
  skipped: { atMs: number; lengthMs: number } | null;
  /** Whether idle ranges are left out, and the last one that was. */
  skipIdle: boolean;
  idleSkipped: Range | null;
};

export interface Engine {
  /** Holds the picture. */
  element: HTMLElement;
  playback: StoreApi<Playback>;
  play(): void;
  pause(): void;
  seek(toMs: number): void;
  setSpeed(speed: number): void;
  /** Pauses and shows the next picture or the one before. */
  stepFrame(step: 1 | -1): void;
  setSkipIdle(on: boolean): void;
  goLive(): void;
  /** Whether the window shows the player: it pauses while nobody can see it. */
  setVisible(shown: boolean): void;
  /** Where the picture is as the record says it: ms into the recording; of a stream, since its session began. */
  recordedMs(): number;
  /** Tries again what has failed. */
  retry(): void;
  /** Stops for good: picture, buffers and loading are gone when this returns. */
  blank(): void;
}

/** So near its end the last picture is still shown, at 60 pictures a second too (ms). */
const endMs = 8;
/** A seek that has not arrived after so long makes way for the next one. */
const seekPatienceMs = 250;
/** A shorter hole is a matter of rounding. */
const leastHoleMs = 500;
/** What has failed ahead of the picture is asked for again so long after. */
const askAgainAfterMs = 1_000;
/** What is kept ahead at most, at any speed (s). */
const fastBufferSeconds = 90;

/**
 * Plays one source with video.js, whose HLS engine is hls.js through a source handler: little is kept ahead and behind, what is missing
 * is skipped and said, what fails stops with its reason. It starts by itself as soon as it is seen.
 */
export function createEngine(options: {
  source: string;
  /** Its playlist where that has been asked for already; null as text where it did not come. */
  playlist: Promise<string | null> | null;
  /** Of a live stream: when its session began, and the gateway's time (epoch ms). */
  live: { startedMs: number; now(): number } | null;
  /** Where nothing happens in a recording. */
  idle: readonly Range[];
  /** Where a recording begins to play (ms); null for its start. */
  startAtMs: number | null;
  visible: boolean;
  recorder: Recorder;
}): Engine {
  const { source, recorder } = options;
  const element = document.createElement('div');
  const video = document.createElement('video');
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.disableRemotePlayback = true;
  video.tabIndex = -1;
  element.append(video);

  const playback = createStore<Playback>(() => ({
    phase: 'loading',
    playing: false,
    waiting: true,
    finished: false,
    positionMs: 0,
    durationMs: 0,
    bufferedUntilMs: 0,
    speed: 1,
    live: options.live ? notYet : null,
    trouble: null,
    skipped: null,
    skipIdle: false,
    idleSkipped: null,
  }));
  const set = playback.setState;

  let hls: Hls | null = null;
  let live: LivePart | null = null;
  let manifestLoaded = false;
  let lastMs = 0;
  let lastSeekAt = 0;
  let pendingMs: number | null = null;
  let pendingTimer: ReturnType<typeof setTimeout> | undefined;
  let leftOut: Fragment[] = [];
  let rightTimes: () => void = () => undefined;
  let leftOutInARow = 0;
  let againTimer: ReturnType<typeof setTimeout> | undefined;
  let recoveredAt = Number.NEGATIVE_INFINITY;
  /** Playback is wanted; it begins when there is something to play and somebody to see it. */
  let wanted = true;
  let inWindow = options.visible;
  let visible = inWindow && !document.hidden;

  const nowMs = () => video.currentTime * 1000;
  /** Of a stream the record says when a picture was taken: its timeline begins anew whenever its source does. */
  const recorded = (positionMs: number) =>
    live && options.live ? live.takenAt(positionMs) - options.live.startedMs : positionMs;
  // A stream catches up by itself, a little faster than 1.
  const seen = () => ({ positionMs: recorded(nowMs()), speed: live ? video.playbackRate : pace.speed() });
  /** Rises with every other wish: steps from picture to picture end then. */
  let stepping = 0;
  const stepFrame = createStepper(video);
  const pace = createPace(video, {
    idle: options.idle,
    skipIdle: false,
    jump: ({ toMs }) => seekNow(toMs),
    changed: () => bufferFor(pace.speed()),
  });

  registerHls({ source, live: options.live !== null, playlist: options.playlist }, (made) => {
    hls = made;
    rightTimes = rememberTimes(made);
    if (options.startAtMs !== null) made.config.startPosition = options.startAtMs / 1000;
    if (options.live) live = followLive({ hls: made, video, source, now: options.live.now, tell: (now) => set({ live: now }) });
    made.on(Hls.Events.MANIFEST_LOADED, () => {
      manifestLoaded = true;
    });
    made.on(Hls.Events.FRAG_BUFFERED, () => {
      leftOutInARow = 0;
    });
    made.on(Hls.Events.ERROR, (_name, data) => failed(made, data));
  });

  videojs.log.level('error');
  const player = videojs(video, {
    controls: false,
    children: ['mediaLoader'],
    preload: 'auto',
    loadingSpinner: false,
    bigPlayButton: false,
    errorDisplay: false,
    textTrackSettings: false,
    userActions: { click: false, doubleClick: false, hotkeys: false },
    html5: { vhs: false, nativeTextTracks: true, nativeAudioTracks: true, nativeVideoTracks: true },
  });
  // Our page is the player: video.js' own element is only the frame of the picture.
  for (const name of ['role', 'aria-label', 'tabindex', 'lang']) player.el().removeAttribute(name);
  player.src({ src: source, type: playlistType });

  video.addEventListener('loadedmetadata', () => {
    measure();
    start();
  });
  video.addEventListener('durationchange', measure);
  video.addEventListener('loadeddata', () => set({ phase: 'ready' }));
  video.addEventListener('progress', measure);
  video.addEventListener('play', () => set({ playing: true, finished: false }));
  video.addEventListener('playing', () => {
    set({ waiting: false, trouble: null });
    recorder.played(seen());
  });
  video.addEventListener('waiting', () => {
    set({ waiting: true });
    // Before a hole hls.js waits for what it does not load.
    const hole = leftOut.filter((part) => part.end > video.currentTime && part.start < video.currentTime + 0.5);
    if (hls && hole.length > 0) leaveOut(hls, hole);
  });
  video.addEventListener('pause', () => {
    set({ playing: false });
    recorder.paused(seen());
  });
  video.addEventListener('ended', () => set({ finished: true, playing: false }));
  video.addEventListener('ratechange', () => {
    set({ speed: pace.speed() });
    recorder.speedChanged(seen());
  });
  video.addEventListener('timeupdate', () => {
    // A media element that begins anew stands at 0, and nothing is shown there.
    if (video.seeking || video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    lastMs = nowMs();
    if (!video.paused) {
      recorder.went(seen());
      pace.went(lastMs);
    }
    measure();
  });
  video.addEventListener('seeking', () => {
    const jump = pace.takeJump();
    if (jump === null) recorder.sought(recorded(lastMs), recorded(nowMs()));
    else if (jump.why === 'idle') {
      recorder.skipped(jump.fromMs, jump.toMs);
      set({ idleSkipped: { fromMs: jump.fromMs, toMs: jump.toMs } });
    }
    lastMs = nowMs();
    set({ waiting: true, finished: false });
  });
  video.addEventListener('seeked', () => {
    set({ waiting: false });
    const next = pendingMs;
    if (next !== null) seekNow(next);
    else measure();
  });

  function look(): void {
    const now = inWindow && !document.hidden;
    if (now === visible) return;
    visible = now;
    if (visible) {
      recorder.visible(seen());
      start();
    } else {
      recorder.hidden(seen());
      video.pause();
    }
  }
  document.addEventListener('visibilitychange', look);

  /** Faster playback needs more of what comes: the same few seconds of the clock. */
  function bufferFor(speed: number): void {
    if (!hls || live) return;
    const seconds = Math.min(fastBufferSeconds, Math.max(bufferSeconds, speed * 5));
    hls.config.maxBufferLength = seconds;
    hls.config.maxMaxBufferLength = seconds;
  }

  function measure(): void {
    const { buffered, duration } = video;
    let until = 0;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= video.currentTime + 0.5) until = Math.max(until, buffered.end(index));
    }
    const { live: stream, durationMs } = playback.getState();
    set({
      positionMs: pendingMs ?? nowMs(),
      bufferedUntilMs: until * 1000,
      durationMs: stream ? stream.edgeMs : Number.isFinite(duration) ? duration * 1000 : durationMs,
    });
  }

  function play(): void {
    wanted = true;
    stepping += 1;
    const stream = playback.getState().live;
    // What was paused too long has left the stream's window.
    if (live && stream && !stream.following && nowMs() < stream.fromMs) seekNow(live.within(nowMs()));
    start();
  }

  function start(): void {
    // Before there is a source, a play would be undone by its arrival.
    if (!wanted || !visible || video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    // A play that is cut short by a pause or the end rejects: the state says so already.
    void video.play().catch(() => undefined);
  }

  function seekNow(toMs: number): void {
    clearTimeout(pendingTimer);
    pendingMs = null;
    if (video.readyState === HTMLMediaElement.HAVE_NOTHING) lastMs = toMs;
    // Up to this very moment the record says that it was shown: the last timeupdate is as much as a quarter of a second old.
    else if (!video.seeking) lastMs = nowMs();
    lastSeekAt = performance.now();
    video.currentTime = toMs / 1000;
    measure();
  }

  function seek(toMs: number): void {
    const { durationMs, trouble } = playback.getState();
    const target = live ? live.within(toMs) : Math.min(Math.max(toMs, 0), Math.max(0, durationMs - endMs));
    live?.leave();
    stepping += 1;
    pace.chosen(target);
    if (trouble) retry();
    const sinceMs = performance.now() - lastSeekAt;
    if (!video.seeking || sinceMs > seekPatienceMs) {
      seekNow(target);
      return;
    }
    pendingMs = target;
    set({ positionMs: target });
    clearTimeout(pendingTimer);
    pendingTimer = setTimeout(() => pendingMs !== null && seekNow(pendingMs), seekPatienceMs - sinceMs);
  }

  function failed(from: Hls, data: ErrorData): void {
    // A stream's newest part may be there in a moment.
    if (options.live && !data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) rightTimes();
    // Nothing to show was in a part, and hls.js went on behind it by itself.
    if (data.details === Hls.ErrorDetails.BUFFER_SEEK_OVER_HOLE && !options.live && nowMs() - lastMs > leastHoleMs)
      set({ skipped: { atMs: lastMs, lengthMs: nowMs() - lastMs } });
    const verdict = judgeDamage(data, {
      details: from.latestLevelDetails,
      atSeconds: lastMs / 1000,
      leftOutInARow,
      recoveredMsAgo: performance.now() - recoveredAt,
    });
    if (verdict.do === 'leave-out') leaveOut(from, verdict.parts, verdict.anew);
    if (verdict.do === 'stop') stop(from, data, verdict.trouble);
    if (verdict.do !== 'recover') return;
    recoveredAt = performance.now();
    from.recoverMediaError();
  }

  video.addEventListener('error', () => {
    if (!hls || video.error?.code !== MediaError.MEDIA_ERR_DECODE) return;
    const verdict = judgeDecoder(video.error, { details: hls.latestLevelDetails, atSeconds: lastMs / 1000, leftOutInARow });
    if (verdict.do === 'leave-out') leaveOut(hls, verdict.parts, verdict.anew);
    if (verdict.do === 'stop') stop(hls, null, verdict.trouble);
  });

  /** Stops with a reason, unless it is still far off: then what is there is shown, and the rest asked for once more. */
  function stop(from: Hls, data: ErrorData | null, trouble: Trouble): void {
    const passing = trouble === 'source' || trouble === 'gateway' || trouble === 'failed';
    if (data && live?.failed(data, passing || trouble === 'missing')) return;
    if (passing && !video.paused && playback.getState().bufferedUntilMs - nowMs() > askAgainAfterMs) {
      clearTimeout(againTimer);
      againTimer = setTimeout(() => from.startLoad(video.currentTime), askAgainAfterMs);
      return;
    }
    from.stopLoad();
    video.pause();
    wanted = false;
    set({ trouble, waiting: false });
  }

  /** Goes on behind parts that cannot be had or shown. */
  function leaveOut(from: Hls, parts: Fragment[], anew = false): void {
    if (parts.some((part) => !leftOut.includes(part))) leftOutInARow += 1;
    parts.forEach(markAsGap);
    leftOut.push(...parts);
    // While the media element begins anew it stands at 0.
    const at = video.readyState === HTMLMediaElement.HAVE_NOTHING ? lastMs / 1000 : video.currentTime;
    const inside = parts.find((part) => at >= part.start - 0.5 && at < part.end);
    const { atMs, lengthMs } = extentOf(parts, inside);
    set({ skipped: { atMs, lengthMs } });
    const end = (atMs + lengthMs) / 1000;
    if (inside && video.duration - end < 0.25) {
      video.pause();
      set({ finished: true, waiting: false });
      return;
    }
    // hls.js is still about to deal with the error in its own way.
    from.stopLoad();
    queueMicrotask(() => {
      if (playback.getState().phase === 'blank') return;
      if (anew) beginAnew(from, inside ? end + 0.02 : at);
      else from.startLoad(inside ? end : at);
      if (inside && !anew) seekNow(end * 1000 + 20);
    });
  }

  /** Loads everything again but what was left out: nothing that damaged parts have said of times is kept. */
  function beginAnew(from: Hls, atSeconds: number): void {
    const numbers = new Set(leftOut.map((part) => part.sn));
    from.once(Hls.Events.LEVEL_LOADED, (_name, { details }) => {
      leftOut = details.fragments.filter((part) => numbers.has(part.sn));
      leftOut.forEach(markAsGap);
    });
    lastMs = atSeconds * 1000;
    from.detachMedia();
    from.config.startPosition = atSeconds;
    from.loadSource(source);
    from.attachMedia(video);
  }

  function retry(): void {
    set({ trouble: null, waiting: true });
    for (const part of leftOut) {
      part.gap = false;
      part.tagList = part.tagList.filter(([tag]) => tag !== 'GAP');
    }
    leftOut = [];
    leftOutInARow = 0;
    if (!hls) return;
    if (manifestLoaded && hls.latestLevelDetails) {
      if (video.error) hls.recoverMediaError();
      hls.startLoad(video.currentTime);
    } else hls.loadSource(source);
    play();
  }

  return {
    element,
    playback,
    play,
    pause() {
      wanted = false;
      live?.leave();
      video.pause();
    },
    seek,
    setSpeed(speed) {
      pace.setSpeed(speed);
      set({ speed });
      if (!video.paused) recorder.speedChanged(seen());
    },
    stepFrame(step) {
      if (live || video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
      wanted = false;
      video.pause();
      const mine = stepping;
      void stepFrame(step, () => mine !== stepping).then(measure);
    },
    setSkipIdle(on) {
      pace.setSkipIdle(on);
      set({ skipIdle: on });
    },
    goLive() {
      live?.follow();
      play();
    },
    setVisible(shown) {
      inWindow = shown;
      look();
    },
    recordedMs: () => recorded(nowMs()),
    retry,
    blank() {
      if (playback.getState().phase === 'blank') return;
      recorder.ended(seen());
      element.remove();
      clearTimeout(pendingTimer);
      live?.stop();
      pace.stop();
      clearTimeout(againTimer);
      document.removeEventListener('visibilitychange', look);
      set({ phase: 'blank', playing: false, waiting: false });
      video.pause();
      player.dispose();
      hls?.destroy();
      video.removeAttribute('src');
      video.load();
    },
  };
}

/** What hls.js treats as a gap for good: the mark alone would be taken off and the part loaded again. */
function markAsGap(part: Fragment): void {
  part.gap = true;
  if (!part.tagList.some(([tag]) => tag === 'GAP')) part.tagList.push(['GAP']);
}

/** From where to where a run of parts goes, the one around `part` or else the first. */
function extentOf(parts: Fragment[], part: Fragment | undefined): { atMs: number; lengthMs: number } {
  const from = part ?? parts[0];
  let last = from;
  for (const next of parts) if (last && next.sn === Number(last.sn) + 1) last = next;
  return { atMs: (from?.start ?? 0) * 1000, lengthMs: ((last?.end ?? 0) - (from?.start ?? 0)) * 1000 };
}
