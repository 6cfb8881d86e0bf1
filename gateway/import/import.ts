import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { SessionEvent } from '../../contract/session.ts';
import { factsFile } from '../media/facts.ts';
import { recordSession } from '../session-changes.ts';
import type { SessionFile } from '../session-file.ts';
import type { Database } from '../store/database.ts';
import { ImportError, stopImport } from './failure.ts';
import { copyHls } from './hls-folder.ts';
import { hashOf, type Input, recogniseInput } from './input.ts';
import { measureRecording } from './measure.ts';
import { packVideo } from './pack.ts';
import { packTerminal } from './pack-terminal.ts';
import { probeVideo } from './probe.ts';
import { diskFull } from './tools.ts';

/** What is said on the way, a line each: how far a step is, and what came of it. */
export type Progress =
  | { step: 'read' | 'pack' | 'measure'; percent: number }
  | { done: true; session: string; durationMs: number };

/** What is finished of an import; `events` are those that were found in a recorded terminal. */
const Journal = z.object({ packed: z.boolean(), measured: z.boolean(), events: SessionEvent.array() });
type Journal = z.infer<typeof Journal>;

const sayEveryMs = 1_000;

/**
 * Imports a recording into the gateway's `folder` and gives it to the session of `file`. Works in `imports/<session>-<hash>` and journals each
 * finished step, so that an import that was killed goes on after the last of them; what is finished moves to `recordings/<session>-<hash>` as one, then
 * the session gets it in one transaction. Fails with ImportError, a sentence, and leaves nothing where the original cannot be imported.
 */
export async function importRecording(
  db: Database,
  folder: string,
  file: SessionFile,
  original: string,
  say: (progress: Progress) => void,
): Promise<void> {
  await checkSession(db, file);
  let stage = '';
  try {
    const input = await recogniseInput(original);
    say({ step: 'read', percent: 0 });
    const name = `${file.id}-${(await hashOf(input)).slice(0, 16)}`;
    const published = path.join(folder, 'recordings', name);
    stage = path.join(folder, 'imports', name);
    await mkdir(stage, { recursive: true, mode: 0o700 });
    const media = path.join(stage, 'media');
    const journal = await readJournal(stage);
    if (!journal.packed || !(existsSync(media) || existsSync(path.join(published, factsFile))))
      await pack(input, stage, media, journal, say);
    const events = file.events.length > 0 ? file.events : journal.events;
    // Its folder may be published already, and only the session was not told yet.
    if (existsSync(media)) {
      if (!journal.measured) await measure(input, stage, media, journal, events, say);
      await rm(published, { recursive: true, force: true });
      await mkdir(path.dirname(published), { recursive: true, mode: 0o700 });
      await rename(media, published);
    }
    const { durationMs } = JSON.parse(await readFile(path.join(published, factsFile), 'utf8')) as { durationMs: number };
    const session = { ...file, events, durationMs: file.durationMs ?? durationMs };
    const isTaken = await recordSession(db, session, { type: 'folder', path: published }, Date.now());
    if (!isTaken) {
      await checkSession(db, file);
      return stopImport(`Session ${file.id} can be given no recording.`);
    }
    await rm(stage, { recursive: true, force: true });
    say({ done: true, session: file.id, durationMs });
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    // A full disk or a missing program is mended and the import goes on; an original that cannot be imported never will.
    const mayGoOn =
      isFull || !(error instanceof ImportError) || error.message === diskFull || error.message.includes('not installed');
    if (!mayGoOn && stage !== '') await rm(stage, { recursive: true, force: true });
    throw isFull ? new ImportError(diskFull) : error;
  }
}

/** A session keeps the recording that it has: what was watched and signed for is never exchanged. */
async function checkSession(db: Database, file: SessionFile): Promise<void> {
  if (!(await db.selectFrom('routes').select('id').where('name', '=', file.route).executeTakeFirst()))
    return stopImport(`There is no approval route ${file.route}.`);
  const there = await db.selectFrom('sessions').select(['state', 'recording_json']).where('id', '=', file.id).executeTakeFirst();
  if (there?.recording_json) return stopImport(`Session ${file.id} has a recording already. It is kept: nothing was imported.`);
  if (there?.state === 'recorded' || there?.state === 'not-recorded')
    return stopImport(`Session ${file.id} is there already and waits for no recording: it is ${there.state}.`);
}

async function pack(
  input: Input,
  stage: string,
  media: string,
  journal: Journal,
  say: (progress: Progress) => void,
): Promise<void> {
  // What an interrupted attempt has left may still be written by its ffmpeg: each attempt has folders of its own.
  for (const name of await readdir(stage)) await rm(path.join(stage, name), { recursive: true, force: true });
  const folder = path.join(stage, `media.${process.pid}`);
  await mkdir(folder);
  switch (input.kind) {
    case 'video': {
      const facts = await probeVideo(input.file);
      await packVideo(input.file, facts, folder, percents(facts.durationMs, 'pack', say));
      break;
    }
    case 'hls':
      await probeVideo(input.playlist);
      await copyHls(input.playlist, input.files, folder);
      break;
    case 'terminal': {
      const recording = await input.read();
      const pictures = path.join(stage, `pictures.${process.pid}`);
      await mkdir(pictures);
      journal.events = await packTerminal(recording, pictures, folder, percents(recording.durationMs, 'pack', say));
      await rm(pictures, { recursive: true });
      break;
    }
    default:
      input satisfies never;
  }
  await rm(media, { recursive: true, force: true });
  await rename(folder, media);
  journal.packed = true;
  journal.measured = false;
  await writeJournal(stage, journal);
}

async function measure(
  input: Input,
  stage: string,
  media: string,
  journal: Journal,
  events: readonly SessionEvent[],
  say: (progress: Progress) => void,
): Promise<void> {
  await rm(path.join(media, 'storyboard'), { recursive: true, force: true });
  const found = await probeVideo(path.join(media, 'index.m3u8'));
  // The pictures of a terminal come as it changes: they have no rate.
  const video = input.kind === 'terminal' ? { ...found, framesPerSecond: null } : found;
  const facts = await measureRecording(
    media,
    video,
    events.map(({ atMs }) => atMs),
    percents(video.durationMs, 'measure', say),
  );
  await writeFile(path.join(media, factsFile), JSON.stringify(facts));
  journal.measured = true;
  await writeJournal(stage, journal);
}

/** Says how far a step is, once a second at most. */
function percents(durationMs: number, step: 'pack' | 'measure', say: (progress: Progress) => void): (atMs: number) => void {
  let saidAt = 0;
  return (atMs) => {
    if (Date.now() - saidAt < sayEveryMs) return;
    saidAt = Date.now();
    say({ step, percent: Math.min(100, Math.round((atMs / Math.max(1, durationMs)) * 100)) });
  };
}

const journalFile = (stage: string) => path.join(stage, 'journal.json');

async function readJournal(stage: string): Promise<Journal> {
  try {
    return Journal.parse(JSON.parse(await readFile(journalFile(stage), 'utf8')));
  } catch {
    return { packed: false, measured: false, events: [] };
  }
}

async function writeJournal(stage: string, journal: Journal): Promise<void> {
  await writeFile(`${journalFile(stage)}.new`, JSON.stringify(journal));
  await rename(`${journalFile(stage)}.new`, journalFile(stage));
}
