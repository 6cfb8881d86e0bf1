import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { RecordingFacts } from '../../contract/viewing.ts';
import type { MediaSource } from './source.ts';

/** Beside a recording's playlist lies what was found out about it when it was imported. Viewers get what is in it, never the file. */
export const factsFile = 'facts.json';

/** What is known of a recording besides its picture; null when nothing is, or when it cannot be understood. */
export async function readFacts(source: MediaSource): Promise<RecordingFacts | null> {
  if (source.type !== 'folder') return null;
  try {
    const facts = RecordingFacts.safeParse(JSON.parse(await readFile(path.join(source.path, factsFile), 'utf8')));
    return facts.success ? facts.data : null;
  } catch {
    return null;
  }
}
