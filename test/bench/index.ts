// `npm run bench`: JSON lines, one a figure, and at last a table. `npm run bench -- start bridge playback` runs parts, by name or by its beginning. How it is measured: compare.ts.
import { measureBridge } from './bridge.ts';
import { measureDesk } from './desk.ts';
import { measureDeskIdle, measureDeskNotice } from './desk-shell.ts';
import { measureInsert } from './history/insert.ts';
import { measureMain } from './history/main.ts';
import { measurePage } from './history/page.ts';
import { measureScreen } from './history/screen.ts';
import { measureHistoryStart } from './history/start.ts';
import { measureText } from './history/text.ts';
import { measureHistoryExport } from './history-export.ts';
import { measureLowLatency, measurePlain } from './live.ts';
import { measureConnections } from './playback/connections.ts';
import { measureCpu } from './playback/cpu.ts';
import { measureMemory } from './playback/memory.ts';
import { measureFirstFrame, measureSeeks } from './playback/picture.ts';
import { measureSpeed } from './playback/speed.ts';
import { table } from './results.ts';
import { measureRevocation } from './revocation.ts';
import { measureStart } from './start.ts';

const parts = {
  start: measureStart,
  bridge: measureBridge,
  'playback-first-frame': measureFirstFrame,
  'playback-seek': measureSeeks,
  'playback-speed': measureSpeed,
  'playback-connections': measureConnections,
  'playback-cpu': measureCpu,
  'playback-memory': measureMemory,
  'live-low-latency': measureLowLatency,
  'live-plain': measurePlain,
  revocation: measureRevocation,
  desk: measureDesk,
  'desk-notice': measureDeskNotice,
  'desk-idle': measureDeskIdle,
  'history-export': measureHistoryExport,
  'history-insert': measureInsert,
  'history-text': measureText,
  'history-screen': measureScreen,
  'history-start': measureHistoryStart,
  'history-page': measurePage,
  'history-main': measureMain,
};
/** Takes so long that it is run only when it is named. */
const onlyWhenNamed = 'playback-memory';
const wanted = process.argv.slice(2);
const isWanted = (name: string) =>
  wanted.includes(name) || (name !== onlyWhenNamed && (wanted.length === 0 || wanted.some((one) => name.startsWith(`${one}-`))));

for (const [name, measure] of Object.entries(parts)) {
  if (!isWanted(name)) continue;
  const started = performance.now();
  await measure().catch((error: unknown) => {
    process.exitCode = 1;
    process.stderr.write(`${name} could not be measured: ${error instanceof Error ? error.stack : error}\n`);
  });
  process.stdout.write(`${JSON.stringify({ part: name, seconds: Math.round((performance.now() - started) / 1000) })}\n`);
}
process.stdout.write(`\n${table()}\n`);
process.exit();
