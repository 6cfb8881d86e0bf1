import { type BadMedia, partName } from './bad-media.ts';
import { pictureOf } from './main-job.ts';
import { mutatedPlaylist, mutatedSegment } from './mutate.ts';
import { until } from './processes.ts';

/** The part of the recording that is mutated: it is reached 2 s after the beginning and left 4 s after it. */
const mutated = { number: 1, endSeconds: 4 };

/** What became of one mutation, and what was wrong with it; empty when nothing was. */
export type Fate = { seed: number; kind: string; wrong: string[]; ms: number };

/** Plays a mutated playlist: the picture moves, or a sentence says why not; never nothing. */
export async function tryPlaylist(bad: BadMedia, seed: number): Promise<Fate> {
  const started = performance.now();
  bad.origin.instead.clear();
  bad.origin.instead.set('index.m3u8', mutatedPlaylist(bad.whole.playlist, seed, bad.elsewhere));
  await bad.again();
  const { state, text } = await bad.outcome();
  const wrong = await bad.harm();
  if (state === 'nothing') wrong.push('neither a picture nor a sentence');
  if (/undefined|NaN|\{\{|Error:/.test(text)) wrong.push(`a sentence that is none: ${text}`);
  return { seed, kind: state, wrong, ms: performance.now() - started };
}

/** Plays over a mutated part, fast: it gets behind it by itself, or says why not and plays what a person chooses behind it. */
export async function trySegment(bad: BadMedia, seed: number): Promise<Fate> {
  const started = performance.now();
  const { parts, init, playlist } = bad.whole;
  const others = [...parts.slice(mutated.number + 1, mutated.number + 4), init, Buffer.from(playlist)];
  bad.origin.instead.clear();
  bad.origin.instead.set(partName(mutated.number), mutatedSegment(parts[mutated.number] as Buffer, seed, others));
  await bad.again();
  const { state, text } = await bad.outcome();
  await bad.faster();
  const wrong = await bad.harm();
  const passes = await bad.playsBehind(mutated.endSeconds, 15_000).then(
    () => true,
    () => false,
  );
  const said = passes ? text : (await bad.outcome(100)).text;
  if (!passes && said === '') wrong.push('neither a picture nor a sentence');
  if (/undefined|NaN|\{\{|Error:/.test(said)) wrong.push(`a sentence that is none: ${said}`);
  if (!passes) {
    await bad.seekTo(20);
    await bad.playsBehind(20, 15_000).catch(() => wrong.push('the rest cannot be reached'));
  }
  return { seed, kind: passes ? state : 'stopped', wrong, ms: performance.now() - started };
}

/** Runs many and answers with those that went wrong, after a line that sums up what became of all. */
export async function tryAll(what: string, seeds: number, attempt: (seed: number) => Promise<Fate>): Promise<Fate[]> {
  const fates: Fate[] = [];
  for (let seed = 0; seed < seeds; seed += 1) fates.push(await attempt(seed));
  const kinds = Object.entries(Object.groupBy(fates, ({ kind }) => kind)).map(([kind, all]) => `${all?.length} ${kind}`);
  const slowest = Math.max(...fates.map(({ ms }) => ms));
  process.stdout.write(`${what}: ${seeds}, of which ${kinds.join(', ')}; the slowest took ${Math.round(slowest)} ms\n`);
  return fates.filter(({ wrong }) => wrong.length > 0);
}

/** A part that keeps silent for so long: what it waits for is said, the controls work, other places can be watched, it goes on by itself. */
export async function stalls(bad: BadMedia, stallMs: number): Promise<void> {
  bad.origin.instead.clear();
  bad.origin.instead.set(partName(1), { stallMs });
  await bad.again();
  await bad.player.getByText(/Waiting for the recording at 00:0[12]/).waitFor();
  await bad.seekTo(20);
  await bad.playsBehind(20);
  await bad.player.getByRole('button', { name: 'Pause' }).click();
  await until('the pause', async () => (await pictureOf(bad.player))?.paused);
  await bad.seekTo(1);
  await bad.player.getByRole('button', { name: 'Play', exact: true }).click();
  await bad.playsBehind(2.5, stallMs + 30_000);
}
