// Finds out about the demo's recordings what an import finds out about any other: idle ranges, activity, storyboard. Run it after
// scripts/make-recordings.mjs: node scripts/describe-recordings.ts
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { measureRecording } from '../gateway/import/measure.ts';
import { probeVideo } from '../gateway/import/probe.ts';
import { factsFile } from '../gateway/media/facts.ts';

const recordings = path.resolve(import.meta.dirname, '../assets/recordings');
for (const name of readdirSync(recordings)) {
  const folder = path.join(recordings, name);
  const session = path.join(folder, 'session.json');
  if (!existsSync(session)) continue;
  const { events } = JSON.parse(readFileSync(session, 'utf8')) as { events: { atMs: number }[] };
  const video = await probeVideo(path.join(folder, 'index.m3u8'));
  const facts = await measureRecording(
    folder,
    video,
    events.map(({ atMs }) => atMs),
    () => undefined,
  );
  writeFileSync(path.join(folder, factsFile), `${JSON.stringify(facts)}\n`);
  process.stdout.write(`${name}: ${facts.idle.length} idle ranges, ${facts.storyboard?.sheets.length ?? 0} sheets\n`);
}
