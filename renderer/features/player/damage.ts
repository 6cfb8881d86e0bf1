import Hls, { type ErrorData, type Fragment, type LevelDetails } from 'hls.js/light';
import { mediaFailureHeader, mediaFailures } from '../../../contract/viewing.ts';
import { notWhole } from './whole-parts.ts';

/** Why playback cannot go on, each with its sentence in `player.trouble`. */
export type Trouble =
  | 'missing'
  | 'source'
  | 'gateway'
  | 'elsewhere'
  | 'unreadable'
  | 'tooLarge'
  | 'lease'
  | 'key'
  | 'damaged'
  | 'failed';

/** What is to be done about an error of hls.js. */
export type Verdict =
  /** hls.js deals with it: it tries again, or it was a hint. */
  | { do: 'nothing' }
  /** These parts cannot be had or shown: playback goes on behind them, with a media element that begins `anew` if they have spoilt it. */
  | { do: 'leave-out'; parts: Fragment[]; anew?: true }
  /** The media element has to begin anew with what is there. */
  | { do: 'recover' }
  | { do: 'stop'; trouble: Trouble };

/** More parts left out in a row than these are not a gap but a missing recording. */
const mostLeftOut = 5;
/** The decoder reads so far ahead of what is shown: what it chokes on may lie in the next part. */
const decodedAheadSeconds = 0.5;
/** What a playlist of hours says of its lengths adds up to an error, but never to so much. */
const mostDriftSeconds = 60;
const recoverAgainAfterMs = 10_000;

/**
 * Judges an error of hls.js by what it says and where playback stands: `atSeconds` into the recording, `leftOutInARow` parts left out since the
 * last good one, `recoveredMsAgo` since the media element last began anew.
 */
export function judgeDamage(
  data: ErrorData,
  facts: { details: LevelDetails | null; atSeconds: number; leftOutInARow: number; recoveredMsAgo: number },
): Verdict {
  const trouble = troubleOf(data);
  // hls.js says so again and again, and waits for a part that it never loads.
  if (data.details === Hls.ErrorDetails.FRAG_GAP) return gapAt(data.frag, facts);
  if (data.details === Hls.ErrorDetails.BUFFER_APPEND_NO_PROGRESS) return stuckAt(data.frag, facts);
  const parts = damagedParts(data, trouble, facts);
  if (parts.length > 0) {
    const all = facts.details !== null && parts.length >= facts.details.fragments.length;
    const tooMany = facts.leftOutInARow + 1 > mostLeftOut;
    return all || tooMany ? { do: 'stop', trouble } : { do: 'leave-out', parts };
  }
  if (!data.fatal) return { do: 'nothing' };
  const mayRecover = data.type === Hls.ErrorTypes.MEDIA_ERROR && trouble === 'damaged' && !isInit(data);
  return mayRecover && facts.recoveredMsAgo > recoverAgainAfterMs ? { do: 'recover' } : { do: 'stop', trouble };
}

/** Judges that the decoder gave up, which hls.js does not hear of. Chromium says at which moment (µs); else it is the part just ahead. */
export function judgeDecoder({ message }: MediaError, facts: Omit<Parameters<typeof judgeDamage>[1], 'recoveredMsAgo'>): Verdict {
  const said = /timestamp=(\d+)/.exec(message)?.[1];
  const atSeconds = said === undefined ? facts.atSeconds : Number(said) / 1e6;
  const [part] = partsAt(facts.details, atSeconds);
  if (!part || facts.leftOutInARow >= mostLeftOut) return { do: 'stop', trouble: 'damaged' };
  return { do: 'leave-out', parts: [part], anew: true };
}

/** The parts that an error is about, once it is clear that trying again does not help. */
function damagedParts(data: ErrorData, trouble: Trouble, { details, atSeconds }: Parameters<typeof judgeDamage>[1]): Fragment[] {
  const part = data.frag;
  if (part?.gap || isInit(data)) return [];
  // Once more it is loaded: it may have been spoilt on its way.
  const failedAgain = data.fatal || (trouble === 'damaged' && (data.errorAction?.retryCount ?? 0) > 0);
  const passing = trouble === 'source' || trouble === 'gateway' || trouble === 'lease';
  switch (data.details) {
    case Hls.ErrorDetails.FRAG_LOAD_ERROR:
      return part && (trouble === 'missing' || trouble === 'tooLarge' || (failedAgain && !passing)) ? [part] : [];
    case Hls.ErrorDetails.KEY_LOAD_ERROR:
      return part && (trouble === 'key' || (failedAgain && !passing)) ? withTheKeyOf(part, details) : [];
    case Hls.ErrorDetails.FRAG_PARSING_ERROR:
    case Hls.ErrorDetails.FRAG_DECRYPT_ERROR:
      return part && failedAgain ? [part] : [];
    // hls.js has begun anew by now and would do so for ever.
    case Hls.ErrorDetails.MEDIA_SOURCE_REQUIRES_RESET:
      return part ? [part] : partsAt(details, atSeconds).slice(0, 1);
    case Hls.ErrorDetails.BUFFER_APPEND_ERROR:
      return part && data.fatal ? [part] : [];
    default:
      return [];
  }
}

/** A good part that leaves nothing in the buffer: the one before has left the buffer's reader in the middle of something. */
function stuckAt(part: Fragment | undefined, { details, leftOutInARow }: Parameters<typeof judgeDamage>[1]): Verdict {
  const before = details?.fragments.find((one) => Number(one.sn) + 1 === part?.sn);
  const damaged = before && !before.gap ? before : part;
  if (!damaged || leftOutInARow >= mostLeftOut) return { do: 'stop', trouble: 'damaged' };
  return { do: 'leave-out', parts: [damaged], anew: true };
}

/** What was left out before, or is marked as a gap, is left behind when playback has come to stand in it. */
function gapAt(part: Fragment | undefined, { details, atSeconds }: Parameters<typeof judgeDamage>[1]): Verdict {
  if (!part || atSeconds < part.start - 0.25 || atSeconds >= part.end) return { do: 'nothing' };
  const after = (details?.fragments ?? []).filter((one) => Number(one.sn) >= Number(part.sn));
  const end = after.findIndex((one) => !one.gap);
  return { do: 'leave-out', parts: end === -1 ? after : after.slice(0, end) };
}

/** Whether it is the initialization section that failed: no part can be shown without it. */
function isInit({ frag, url, response }: ErrorData): boolean {
  if (!frag) return false;
  if (frag.sn === 'initSegment') return true;
  const asked = url ?? response?.url;
  return frag.initSegment !== null && frag.initSegment !== undefined && asked === frag.initSegment.url;
}

/** The run of parts around one that are encrypted with the same key. */
function withTheKeyOf(part: Fragment, details: LevelDetails | null): Fragment[] {
  const uri = part.decryptdata?.uri;
  const same = (details?.fragments ?? []).filter((one) => one.decryptdata?.uri === uri);
  return same.length > 0 ? same : [part];
}

/** The parts, not left out yet, in which the decoder may have been when `atSeconds` was shown. */
function partsAt(details: LevelDetails | null, atSeconds: number): Fragment[] {
  return (details?.fragments ?? []).filter(
    (one) => !one.gap && one.start + one.duration > atSeconds && one.start < atSeconds + decodedAheadSeconds,
  );
}

/** What main said of a failed answer, or else what the error itself says, as a trouble. */
export function troubleOf(data: ErrorData): Trouble {
  const { networkDetails } = data as { networkDetails?: unknown };
  const said = networkDetails instanceof XMLHttpRequest ? networkDetails.getResponseHeader(mediaFailureHeader) : null;
  const reason = mediaFailures.find((one) => one === said);
  if (!reason) return ownTrouble(data);
  switch (reason) {
    case 'missing':
      return data.details === Hls.ErrorDetails.KEY_LOAD_ERROR ? 'key' : 'missing';
    case 'source-unreachable':
    case 'source-stalled':
      return 'source';
    case 'gateway-unreachable':
      return 'gateway';
    case 'elsewhere':
      return 'elsewhere';
    case 'unreadable':
      return 'unreadable';
    case 'too-large':
      return 'tooLarge';
    case 'lease-over':
      return 'lease';
    case 'not-allowed':
    case 'failed':
      return 'failed';
    default:
      return reason satisfies never;
  }
}

function ownTrouble({ type, details, response }: ErrorData): Trouble {
  if (response?.text === notWhole) return 'damaged';
  switch (details) {
    case Hls.ErrorDetails.MANIFEST_PARSING_ERROR:
    case Hls.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR:
    case Hls.ErrorDetails.LEVEL_PARSING_ERROR:
    case Hls.ErrorDetails.LEVEL_EMPTY_ERROR:
      return 'unreadable';
    case Hls.ErrorDetails.MANIFEST_LOAD_TIMEOUT:
    case Hls.ErrorDetails.LEVEL_LOAD_TIMEOUT:
    case Hls.ErrorDetails.FRAG_LOAD_TIMEOUT:
    case Hls.ErrorDetails.KEY_LOAD_TIMEOUT:
      return 'source';
    default:
      return type === Hls.ErrorTypes.MEDIA_ERROR ? 'damaged' : 'failed';
  }
}

/** Whether times that came from the media itself can be those that the playlist means. */
function isPlausible({ start, duration }: Fragment, known: { start: number; duration: number }): boolean {
  return (
    Number.isFinite(start + duration) &&
    duration > 0 &&
    duration < 2 * known.duration + 1 &&
    Math.abs(start - known.start) < mostDriftSeconds
  );
}

/**
 * Remembers where the parts of a recording lie by its playlist. What is called puts those right again whose damaged times hls.js has taken
 * over: not a number, backwards or far off, they and all behind them could be reached no more.
 */
export function rememberTimes(hls: Hls): () => void {
  let times = new Map<Fragment['sn'], { start: number; duration: number }>();
  hls.on(Hls.Events.LEVEL_LOADED, (_name, { details }) => {
    if (!details.live) times = new Map(details.fragments.map(({ sn, start, duration }) => [sn, { start, duration }]));
  });
  return () => {
    for (const part of hls.latestLevelDetails?.fragments ?? []) {
      const known = times.get(part.sn);
      if (!known || isPlausible(part, known)) continue;
      part.setStart(known.start);
      part.setDuration(known.duration);
      for (const name of ['startPTS', 'endPTS', 'startDTS', 'endDTS', 'maxStartPTS', 'minEndPTS', 'deltaPTS'] as const)
        delete (part as Partial<typeof part>)[name];
    }
  };
}
